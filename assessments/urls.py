"""Every address of the quarter's work: the station's, the bureau's, the administrators', the editor's of standards."""

from django.urls import path

from .views import (
    comparison,
    desk,
    draft,
    drafts,
    editions,
    evidence,
    extending,
    fill,
    home,
    objections,
    oversight,
    periods,
    publish,
    ranking,
    reopening,
    reports,
    result,
    submit,
    support,
    verify,
    vetoes,
    whatif,
    year,
)

app_name = "assessments"

station = [
    path("station/", home.home, name="home"),
    path("assessments/<int:pk>/fill/<str:dimension>/", fill.fill, name="fill"),
    path("assessments/<int:pk>/save/", fill.save, name="save"),
    path("assessments/<int:pk>/take/", fill.take, name="take"),
    path("assessments/<int:pk>/preview/<str:dimension>/", fill.preview, name="preview"),
    path("assessments/<int:pk>/check/", submit.check, name="check"),
    path("assessments/<int:pk>/submit/", submit.submit, name="submit"),
    path("assessments/<int:pk>/evidence/<str:criterion>/", evidence.evidence_add, name="evidence_add"),
    path("evidence/<uuid:pk>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<uuid:pk>/shown/", evidence.evidence_shown, name="evidence_shown"),
    path("evidence/<uuid:pk>/remove/", evidence.evidence_remove, name="evidence_remove"),
]

bureau = [
    path("assessments/<int:pk>/", result.detail, name="detail"),
    path("desk/", desk.desk, name="desk"),
    path("assessments/<int:pk>/verify/", verify.verify, name="verify"),
    path("assessments/<int:pk>/verify/change/", verify.verify_change, name="verify_change"),
    path("assessments/<int:pk>/verify/accept/", verify.verify_accept, name="verify_accept"),
    path("assessments/<int:pk>/return/", verify.send_back, name="send_back"),
    path("assessments/<int:pk>/extend/", extending.extend, name="extend"),
    path("assessments/<int:pk>/verified/", verify.finish_verifying, name="finish_verifying"),
    path("objections/", objections.objections_inbox, name="objections_inbox"),
    path("assessments/<int:pk>/objections/", objections.objections, name="objections"),
    path("assessments/<int:pk>/objections/file/", objections.objection_file, name="objection_file"),
    path("assessments/<int:pk>/objections/withdraw/", objections.objection_withdraw, name="objection_withdraw"),
    path("assessments/<int:pk>/objections/none/", objections.objection_none, name="objection_none"),
    path("assessments/<int:pk>/objections/about/<str:criterion>/", objections.objection, name="objection"),
    path("assessments/<int:pk>/confirm/", verify.confirm, name="confirm"),
    path("assessments/<int:pk>/vetoes/", vetoes.vetoes, name="vetoes"),
    path("assessments/<int:pk>/vetoes/impose/", vetoes.veto_impose, name="veto_impose"),
    path("assessments/<int:pk>/vetoes/withdraw/", vetoes.veto_withdraw, name="veto_withdraw"),
    path("periods/<int:pk>/publish/", publish.publish, name="publish"),
    path("assessments/<int:pk>/reopening/", reopening.reopening, name="reopening"),
    path("assessments/<int:pk>/reopening/request/", reopening.reopening_request, name="reopening_request"),
    path("assessments/<int:pk>/reopening/approve/", reopening.reopening_approve, name="reopening_approve"),
    path("assessments/<int:pk>/reopening/decline/", reopening.reopening_decline, name="reopening_decline"),
    path("oversight/", oversight.oversight, name="oversight"),
    path("ranking/<int:period>/versions/", reopening.versions, name="versions"),
    path("ranking/", ranking.ranking, name="ranking"),
    path("ranking/<int:period>/", ranking.ranking_period, name="ranking_period"),
    path("year/", year.year, name="year"),
    path("comparison/<int:period>/", comparison.comparison, name="comparison"),
    path("ranking/<int:period>/support/", support.support, name="support"),
    path("ranking/what-if/", whatif.whatif, name="whatif"),
    path("ranking/<int:period>/what-if/", whatif.whatif_period, name="whatif_period"),
]

administration = [
    path("periods/", periods.periods, name="periods"),
    path("periods/new/", periods.period_new, name="period_new"),
    path("periods/<int:pk>/", periods.period_edit, name="period_edit"),
    path("periods/<int:pk>/open/", periods.period_open, name="period_open"),
    path("periods/<int:pk>/copy/", periods.period_copy, name="period_copy"),
    path("editions/", editions.editions, name="editions"),
    path("editions/<int:pk>/", editions.edition, name="edition"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:pk>/", reports.report_status, name="report_status"),
    path("reports/<uuid:pk>/download/", reports.report_file, name="report_file"),
    path("reports/<uuid:pk>/retry/", reports.report_retry, name="report_retry"),
    path("reports/<uuid:pk>/cancel/", reports.report_cancel, name="report_cancel"),
]

editor = [
    path("editions/drafts/", drafts.drafts, name="drafts"),
    path("editions/drafts/<int:pk>/", draft.draft, name="draft"),
]

urlpatterns = [*station, *bureau, *administration, *editor]
