"""Every address of the product: who may go there, and what each gets. test_matrix.py walks it.

route    the URL name as the resolver knows it
method   what the page is for; every other method gets 405
object   what the address names: own = inside the caller's reach, foreign = outside, missing = nowhere
allowed  the roles that may do it: C chief, K clerk, R reviewer, L leader, S sysadmin, A secadmin, U auditor;
         * everybody who is logged in, ! everybody at all
answer   what an allowed role gets for an own object (a POST is sent empty: it is refused, and nothing is written)

A role that is not allowed gets 403 whatever the object; an allowed one 404 for a foreign or a missing object.
"""

TABLE = """
route                            method object     allowed answer
home                             GET    -          *       302
login                            GET    -          !       302
login_code                       GET    -          !       302
logout                           POST   -          !       302
language                         POST   -          !       400
healthz                          GET    -          !       200
readyz                           GET    -          !       200
personnel:own_password           GET    -          *       200
personnel:second_factor          GET    -          *       200
personnel:second_factor_begin    POST   -          *       302
stations:list                    GET    -          CKRL    200
stations:registers               GET    station    CKRL    200
stations:profile                 GET    station    CKRL    200
stations:zone                    GET    station    CKRL    200
stations:equipment               GET    station    CKRL    200
stations:funding                 GET    station    CKRL    200
personnel:staffing               GET    station    CKRL    200
personnel:training               GET    station    CKRL    200
personnel:training_new           GET    station    CK      200
personnel:training_edit          GET    training   CK      200
personnel:training_delete        POST   training   CK      428
stations:organisation            GET    -          S       200
stations:station_new             GET    -          S       200
stations:station_edit            GET    station    S       200
stations:bureau_new              GET    -          S       200
stations:bureau_edit             GET    bureau     S       200
personnel:accounts               GET    -          A       200
personnel:account_new            GET    -          A       200
personnel:account_edit           GET    account    A       200
personnel:account_password       POST   account    A       200
personnel:account_unlock         POST   account    A       400
personnel:account_factor_reset   POST   account    A       400
audit:list                       GET    -          U       200
audit:export                     GET    -          U       200
audit:verifications              GET    -          U       200
audit:verify                     POST   -          U       302
assessments:home                 GET    -          CK      200
assessments:detail               GET    assessment CKRL    200
assessments:fill                 GET    assessment CK      200
assessments:save                 POST   assessment CK      400
assessments:preview              POST   assessment CK      200
assessments:take                 POST   assessment CK      400
assessments:evidence_add         POST   assessment CK      400
assessments:evidence_file        GET    evidence   CKRL    200
assessments:evidence_shown       GET    evidence   CKRL    200
assessments:evidence_remove      POST   evidence   CK      302
assessments:check                GET    assessment CK      200
assessments:submit               POST   assessment C       428
assessments:desk                 GET    -          R       200
assessments:verify               GET    assessment R       200
assessments:verify_change        POST   assessment R       428
assessments:verify_accept        POST   assessment R       428
assessments:send_back            POST   assessment R       428
assessments:extend               POST   assessment R       428
assessments:finish_verifying     POST   assessment R       428
assessments:objections_inbox     GET    -          R       200
assessments:objections           GET    assessment CKRL    200
assessments:objection_file       POST   assessment C       428
assessments:objection_withdraw   POST   assessment C       428
assessments:objection_none       POST   assessment C       428
assessments:objection            GET    objection  R       200
assessments:confirm              POST   assessment R       428
assessments:vetoes               GET    assessment R       200
assessments:veto_impose          POST   assessment R       428
assessments:veto_withdraw        POST   assessment R       428
assessments:publish              GET    period     R       200
assessments:reopening            GET    assessment R       200
assessments:reopening_request    POST   assessment R       428
assessments:reopening_approve    POST   assessment R       428
assessments:reopening_decline    POST   assessment R       428
assessments:oversight            GET    -          RL      200
assessments:versions             GET    period     CKRLS   200
assessments:ranking              GET    -          CKRLS   200
assessments:ranking_period       GET    period     CKRLS   200
assessments:year                 GET    -          CKRLS   200
assessments:comparison           GET    period     RLS     200
assessments:support              GET    period     RLS     200
assessments:whatif               GET    -          RLS     200
assessments:whatif_period        GET    period     RLS     200
assessments:periods              GET    -          S       200
assessments:period_new           GET    -          S       200
assessments:period_edit          GET    period     S       200
assessments:period_open          POST   period     S       409
assessments:period_copy          GET    period     S       200
assessments:editions             GET    -          CKRLS   200
assessments:edition              GET    edition    CKRLS   200
assessments:edition_differences  GET    edition    CKRLS   200
assessments:edition_difference   GET    edition    CKRLS   200
assessments:draft_difference     GET    draft      S       200
assessments:drafts               GET    -          S       200
assessments:draft                GET    draft      S       200
assessments:draft_new            GET    -          S       200
assessments:draft_copy           GET    edition    S       200
assessments:draft_points         POST   draft      S       428
assessments:draft_move           POST   draft      S       428
assessments:draft_remove         POST   draft      S       428
assessments:draft_head           GET    draft      S       200
assessments:draft_section_new    GET    draft      S       200
assessments:draft_section        GET    draft      S       200
assessments:draft_section_remove POST   draft      S       428
assessments:draft_library        GET    draft      S       200
assessments:draft_pick           POST   draft      S       428
assessments:draft_publish        GET    draft      S       200
assessments:draft_discard        GET    draft      S       200
assessments:draft_criterion      GET    draft      S       200
assessments:draft_criterion_new  GET    draft      S       200
assessments:draft_rule_preview   POST   draft      S       200
assessments:draft_metrics        GET    draft      S       200
assessments:draft_metric         GET    draft      S       200
assessments:draft_metric_new     GET    draft      S       200
assessments:draft_derived_new    GET    draft      S       200
assessments:draft_metric_remove  POST   draft      S       428
assessments:forbidden            GET    -          CKRLS   200
assessments:draft_norms          GET    draft      S       200
assessments:draft_norm_take      POST   draft      S       400
assessments:draft_conditions     GET    draft      S       200
assessments:edition_toml         GET    edition    CKRLS   200
assessments:edition_xlsx         GET    edition    CKRLS   200
assessments:edition_rules        POST   edition    RLS     428
assessments:draft_import         GET    -          S       200
assessments:draft_take           POST   -          S       428
assessments:draft_template       GET    -          S       200
assessments:draft_files          GET    draft      S       200
assessments:draft_replace        POST   draft      S       428
assessments:draft_export_toml    GET    draft      S       200
assessments:draft_export_xlsx    GET    draft      S       200
assessments:reports              GET    -          RLS     200
assessments:report_status        GET    report     RLS     200
assessments:report_file          GET    report     RLS     409
assessments:report_retry         POST   report     RLS     409
assessments:report_cancel        POST   report     RLS     302
"""
