"""Addresses of a test: the product's, and a page that draws one chart of each kind."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from assessments import charts
from stationstd.urls import handler400, handler403, handler404, handler500
from stationstd.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

NAMES = ["功能分区", "监督安防", "警力队伍", "经费保障", "装备"]
PAGE = """{% extends "base.html" %}{% load static %}
{% block title %}Charts{% endblock %}{% block heading %}Charts{% endblock %}
{% block content %}{% for name, data, option in options %}
<div class="chart" id="{{ name }}" data-chart="{{ data }}"><p>Rates of {{ name }} in words</p></div>
{{ option|json_script:data }}{% endfor %}{% endblock %}
{% block scripts %}<script src="{% static 'echarts/echarts.min.js' %}" defer></script>
<script src="{% static 'js/charts.js' %}" defer></script>{% endblock %}"""


@login_not_required
def drawn(request):
    series = [("城关", [81.2, 64.5, None, 90, 100]), ("北社", [70, 88.25, 93, 55.5, 61])]
    rows = [values for _label, values in series]
    options = [
        ("radar", "radar-data", charts.radar(NAMES, series)),
        ("bars", "bars-data", charts.bars(NAMES, series)),
        ("trend", "trend-data", charts.trend(NAMES, series)),
        ("heat", "heat-data", charts.heat(NAMES, [label for label, _values in series], rows)),
    ]
    return HttpResponse(Template(PAGE).render(RequestContext(request, {"options": options})))


urlpatterns = [path("drawn/", drawn, name="drawn"), *product]
