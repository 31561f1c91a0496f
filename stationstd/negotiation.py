"""What kind of answer the caller can use: a page, a fragment for htmx, or JSON for a script."""


def wants_fragment(request) -> bool:
    """Whether htmx asked for a part of a page. False for boosted links, and before HtmxMiddleware has run."""
    details = getattr(request, "htmx", None)
    return bool(details) and not details.boosted


def wants_json(request) -> bool:
    """Whether a script asked for JSON; a browser's own Accept header never names it."""
    return "application/json" in request.headers.get("Accept", "")
