"""What the linter says: code -> ((what, what to do) in Chinese, the same in English)."""

WORDS = {
    "unreachable": (
        ("在指标允许的范围内最多得 {most} 分，得不到 {full} 分（{kinds}）", "请核对目标值、指标的上下限或分值"),
        (
            "no allowed facts earn more than {most} of {full} points ({kinds})",
            "check the target, the bounds of its metrics or the points",
        ),
    ),
    "no_sum": (
        ("没有写明总分；各项合计 {total} 分", "请在标准信息里写上总分，以便核对"),
        ("the sum is not declared; the criteria make {total} points", "write points, so that reading checks it"),
    ),
    "odd_sum": (
        ("各项合计 {total} 分，不是 {whole} 分", "若非有意，请调整分值"),
        ("the criteria make {total} points, not {whole}", "change the points unless this is meant"),
    ),
    "odd_worth": (
        ("总值 {total} 分，不是 {whole} 分", "若非有意，总分请写 {whole}"),
        ("the standard is worth {total} points, not {whole}", "write points = {whole} unless this is meant"),
    ),
    "too_many": (
        ("有 {count} 项，超过 {limit} 项", "请合并或删减指标"),
        ("{count} criteria, more than {limit}", "merge or drop some"),
    ),
    "unused": (
        ("没有任何项目、必备条件、一票否决或勾稽关系使用这个指标", "请删去，以免派出所白填"),
        ("no criterion, gate, veto or check uses this metric", "remove it: stations would fill it in for nothing"),
    ),
    "check_only": (
        ("只有勾稽关系使用这个指标", "如无必要请删去，以免派出所为核对而多填"),
        ("only a cross-check looks at this metric", "remove it unless the check is worth the filling in"),
    ),
    "unused_derived": (
        ("没有任何项目使用这个计算值", "请删去或在规则中使用"),
        ("no rule uses this value", "remove it or use it in a rule"),
    ),
    "unused_norm": (
        ("没有任何项目使用这个标准值", "请删去，或在计分方式中选用标准值"),
        ("no rule uses this norm", "remove it or write @norm in a rule"),
    ),
    "no_source": (
        ("没有写明依据", "请写明文件、章节和条款"),
        ("there is no source", "name the document, chapter and clause"),
    ),
    "no_evidence": (
        ("没有写明是否需要佐证", "请选择佐证要求：不需要、可附或必须"),
        ("nothing says whether evidence is needed", "write evidence: none, optional or required"),
    ),
    "no_evidence_note": (
        ("需要佐证，但没有说明需要什么", "请写明需要哪些佐证材料"),
        ("evidence is required and nothing says which", "write evidence_note"),
    ),
    "all_full": (
        ("以往 {count} 个派出所全部得满分", "此项不能区分好坏；请提高要求、降低分值或作为必备条件"),
        (
            "all {count} stations of the past data earned full points",
            "it tells nobody apart: ask more, lower its points or make it a gate",
        ),
    ),
    "all_fail": (
        ("以往 {count} 个派出所全部得 0 分", "请核对要求是否过高或数据是否有误"),
        (
            "all {count} stations of the past data earned nothing",
            "check whether too much is asked or the data are wrong",
        ),
    ),
    "correlated": (
        ("得分相关系数 {r}，高于 {limit}", "两项考的可能是同一件事；请合并或只留一项"),
        ("their points correlate at {r}, above {limit}", "they may ask the same thing twice: merge them or keep one"),
    ),
    "no_weight": (
        ("权重为 0，不影响结果", "若非有意，请写上权重或删去"),
        ("its weight is 0, so it changes nothing", "give it a weight or remove it unless this is meant"),
    ),
    "continues_itself": (
        ("“原项目代码”写的是本项自己的代码", "代码不变的项目不必写，请删去"),
        ("continues names the criterion itself", "an item with the same id goes on by itself: remove it"),
    ),
    "continued_twice": (
        ("continues 与项目 {other} 写的是同一项 {old}", "上一版的一项只能由一项承接；请核对"),
        ("continues {old}, as criterion {other} does", "an old item goes on in one new one: check which"),
    ),
    "gate_all_fail": (
        ("以往 {count} 个派出所全部未达到", "请核对要求是否过高或数据是否有误"),
        (
            "none of the {count} stations of the past data met it",
            "check whether too much is asked or the data are wrong",
        ),
    ),
    "veto_all": (
        ("以往 {count} 个派出所全部被否决", "请核对条件是否写反"),
        ("it struck all {count} stations of the past data", "check whether the condition is the wrong way round"),
    ),
    "one_grade": (
        ("以往 {count} 个派出所全部为这一等次", "等次不能区分好坏；请核对界限"),
        ("all {count} stations of the past data have it", "grades tell nobody apart: check their bounds"),
    ),
    "too_few": (
        ("只有 {count} 个派出所，不足 {fewest} 个，未作数据检查", "请提供更多派出所的数据"),
        ("{count} stations, fewer than {fewest}: past data were not looked at", "bring more stations"),
    ),
}
