# The production image. It was never built where it was written (no container engine there): docs/setup.md.
FROM node:22-bookworm-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1 WEB_PROCESSES=5 \
    STATIONSTD_ENV=production STATIONSTD_VAR=/var/lib/stationstd
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY --from=frontend /app/node_modules node_modules
COPY . .
RUN for source in locale/*/LC_MESSAGES/*.po; do \
        pybabel compile --input-file "$source" --output-file "${source%.po}.mo"; \
    done \
    && SECRET_KEY=only-for-the-build ALLOWED_HOSTS=build DATABASE_URL=postgres://build/build \
        python manage.py collectstatic --no-input \
    && useradd --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin stationstd \
    && install -d -o stationstd -g stationstd /var/lib/stationstd/files
USER stationstd
EXPOSE 8000
CMD ["gunicorn", "stationstd.wsgi", "--bind", "0.0.0.0:8000"]
