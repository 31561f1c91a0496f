"""What is said about a table of facts: key -> (Chinese, English). Faults say what is wrong and what to do."""

from __future__ import annotations

WORDS = {
    # a bad cell
    "line": (
        "第 {row} 行 {letter} 列（{column}）“{value}”：{fault}",
        "row {row}, column {letter} ({column}), “{value}”: {fault}",
    ),
    "empty": (
        "表里没有内容；第一行填列名，第一列填派出所代码",
        "the table is empty; put column heads in row 1 and station codes in column 1",
    ),
    "no_metric": (
        "第 1 行没有标准里的任何指标；第 1 行应是列名，表题请删去",
        "row 1 names no metric of the standard; heads belong in row 1, without a title above them",
    ),
    "no_rows": ("列名下面没有派出所；每所填一行", "no station under the heads; give each station a row"),
    "unknown_column": (
        "标准里没有这一列{near}；请改为指标代码，删去此列，或在列名前加 #（备注列）",
        "the standard knows no such column{near}; use a metric's code, remove the column, "
        "or begin its head with # if it is a remark",
    ),
    "near": ("，是否指 {name}", ", did you mean {name}"),
    "twice_column": ("与第 {first} 列重复；只保留一列", "the same column as {first}; keep one of them"),
    "blank_head": (
        "此列有内容而没有列名；请补列名或清空",
        "there are values under no head; name the column or clear it",
    ),
    "no_class": (
        "没有 class（类别）列，而标准区分 {classes}；请加此列",
        "there is no column “class”, and the standard tells apart {classes}; add it",
    ),
    "blank_class": ("没有填类别；应为 {classes} 之一", "no class; one of {classes}"),
    "unknown_class": (
        "标准里没有这个类别{near}；应为 {classes} 之一",
        "no class of the standard{near}; one of {classes}",
    ),
    "unknown_layer": (
        "没有这个层次；应为 self、verified、confirmed（自评、核查、审定）之一",
        "no such layer; one of self, verified, confirmed",
    ),
    "underneath": (
        "像是表下面的合计或说明，不是派出所代码；请删去此行",
        "looks like a sum or a remark under the table, not like the code of a station; delete this row",
    ),
    "no_station": ("没有派出所代码；请补上，或清空整行", "no station code; add it or clear the row"),
    "twice": ("第 {first} 行已有这个派出所；每所只留一行", "the station of row {first} again; keep one row for each"),
    "moved": (
        "与第 {first} 行同一派出所，而 {what} 不同；请统一",
        "differs from row {first}, the same station; make {what} the same",
    ),
    "no_self": ("这个派出所没有自评行；请补一行", "this station has no row of its own (layer self); add one"),
    "beyond": ("超出了列名的范围；请清空，或补列名", "lies beyond the last head; clear it or name the column"),
    "text": (
        "不是数字；请只填数字，未填报就留空，不适用填 n/a",
        "is not a number; type digits only, leave blank if unanswered, n/a if not applicable",
    ),
    "commas": (
        "千位分隔符位置不对；请写成 47,970 或 47970，小数用点",
        "the separators are not at thousands; write 47,970 or 47970, and a point before decimals",
    ),
    "yes_no": ("应为是或否；请填 是、否、1 或 0", "must be yes or no; write yes, no, 1 or 0"),
    "veto_number": (
        "不是理由；否决请填 1 或理由，不否决留空",
        "is no reason; write 1 or the reason for a veto, leave blank for none",
    ),
    "percent": (
        "此项的单位是{unit}，不是百分数；请去掉百分号，按单位填写",
        "this is counted in {unit}, not in percent; write it so, without the sign",
    ),
    "whole": ("必须是整数；请填没有小数的数", "must be whole; write a number without a fraction"),
    "low": (
        "低于下限 {bound}；请核对，确实可以更低就在标准里改这项指标的 low",
        "below the least allowed, {bound}; check it, or let the standard allow it (low of the metric)",
    ),
    "high": (
        "高于上限 {bound}；请核对，确实可以更高就在标准里改这项指标的 high",
        "above the most allowed, {bound}; check it, or let the standard allow it (high of the metric)",
    ),
    "long": ("数太大或太长；请核对位数", "too large or too long; check the digits"),
    "date": ("是日期，不是数字；请把单元格改为数字", "is a date, not a number; make the cell a number"),
    "merged": (
        "被合并的单元格盖住；请取消合并，每格各填",
        "lies under merged cells; unmerge them and fill each one",
    ),
    "mangled": (
        "代码被电子表格改成了数字，位数已丢失；请把这一列设为文本后重新填写",
        "a spreadsheet made this code a number and lost digits; make the column a text and write it anew",
    ),
    "day": (
        "不是日期；请写成 2026-12-31、2026年12月31日 或 20261231",
        "is no date; write 2026-12-31 or 20261231",
    ),
    "dash": (
        "没有说明是未填还是不适用；未填报就留空，不适用填 n/a，没有发生填 0",
        "does not say which; leave blank if unanswered, n/a if not applicable, 0 if there was nothing",
    ),
    "error": ("公式出错；请改正公式或直接填数", "a formula that failed; mend it or type the number"),
    "unsaved": (
        "公式没有保存结果；请用表格软件打开、保存后再用，或直接填数",
        "a formula without a stored result; open and save the file in a spreadsheet program, or type the number",
    ),
    # a bad file
    "no_file": ("{path}：没有这个文件；请核对路径", "{path}: there is no such file; check the path"),
    "folder": ("{path}：这是文件夹；请给出其中的文件", "{path}: this is a folder; name a file in it"),
    "special": ("{path}：不是普通文件", "{path}: not an ordinary file"),
    "unreadable": ("{path}：无法读取（{why}）", "{path}: cannot be read ({why})"),
    "suffix": ("{path}：只认识 .csv 和 .xlsx 文件", "{path}: only .csv and .xlsx files are known"),
    "huge": ("{path}：太大，最多 {most}；请拆成几个文件", "{path}: too large, at most {most}; split it"),
    "bomb": (
        "{path}：内容展开后远大于文件本身，不予打开；请用表格软件打开后另存",
        "{path}: unpacks to far more than a table holds and was not opened; save it anew in a spreadsheet program",
    ),
    "acts": (
        "{path}：含宏、外部链接或文档类型声明（{part}），不予打开；请只把数值粘贴到新表",
        "{path}: holds macros, links to other files or a document type ({part}) and was not opened; "
        "paste the values alone into a new table",
    ),
    "many_rows": ("{path}：超过 {rows} 行；请拆成几个文件", "{path}: more than {rows} rows; split it"),
    "wide_rows": (
        "{path}：许多行远超出列名（如第 {row} 行有 {columns} 列）；请删去列名右侧的内容",
        "{path}: many rows reach far beyond the heads (row {row} has {columns} columns); "
        "clear what is right of the heads",
    ),
    "corrupt": (
        "{path}：不是完好的 xlsx 文件；请用表格软件打开后另存",
        "{path}: not a sound xlsx file; open it in a spreadsheet program and save it anew",
    ),
    "encoding": (
        "{path}：不是 UTF-8 或 GB18030 文字；请另存为 CSV UTF-8",
        "{path}: neither UTF-8 nor GB18030 text; save it as CSV UTF-8",
    ),
    "malformed": (
        "{path}：第 {row} 行的引号不成对或内容过长（{why}）",
        "{path}: row {row} has an open quote or is too long ({why})",
    ),
    "out_same": (
        "{path}：结果会覆盖输入文件；请换一个名字",
        "{path}: the result would replace an input; choose another name",
    ),
    "out_folder": ("{path}：结果的文件夹不存在", "{path}: the folder of the result does not exist"),
    "out_failed": ("{path}：无法写入（{why}）", "{path}: cannot be written ({why})"),
    "out_wide": (
        "{path}：工作表放不下 {columns} 列；请改用 .csv",
        "{path}: a sheet has no room for {columns} columns; use .csv",
    ),
    "out_long": (
        "{path}：工作表只放得下 {rows} 行；请改用 .csv",
        "{path}: a sheet has room for {rows} rows only; use .csv",
    ),
    "refused": ("{file}：有 {count} 处错误，什么也没有写", "{file}: {count} faults, nothing was written"),
    "refused_all": ("有 {count} 处错误，什么也没有写", "{count} faults, nothing was written"),
    "no_group": ("--groups：表里没有 {name} 列{near}", "--groups: the table has no column {name}{near}"),
    "no_explain": ("--explain：没有派出所或指标项 {name}{near}", "--explain: no station and no criterion {name}{near}"),
    "unknown_station": ("--station：表里没有派出所 {name}{near}", "--station: the table has no station {name}{near}"),
    "not_a_sum": (
        "--robustness：此标准不按分值相加，不能抽取权重；请去掉这个选项",
        "--robustness: this standard does not sum points, so its weights are not drawn; leave the option out",
    ),
    "overflow": (
        "分数超出范围：某项不封顶而数值过大；请核对数值",
        "points without room: a rule without a cap met an absurd fact; check the values",
    ),
    "lint_found": ("{file}：{count} 条意见", "{file}: {count} findings"),
    "lint_clean": ("{file}：没有意见", "{file}: no findings"),
    # results of periods that make a year
    "no_result_column": (
        "{file}：没有 {name} 列；请给出 manage.py score 写出的结果",
        "{file}: no column {name}; give results written by manage.py score",
    ),
    "again": ("同一派出所出现两次；每所只留一行", "this station stands there twice; keep one row"),
    "too_fine": ("小数多于 {decimals} 位；请核对", "more than {decimals} decimals; check it"),
    "no_rank": ("不是名次；应为 1、2、3…或空", "is no rank: 1, 2, 3 … or blank"),
    "no_such_grade": (
        "标准里没有这个等次；请核对是否同一标准的结果",
        "no grade of the standard; is it the result of another one?",
    ),
    "no_year": ("{file}：标准没有 [year]，不能汇总为年度", "{file}: the standard has no [year] to make of its periods"),
    "many_periods": (
        "{periods} 个周期，而 [year] 只有 {weights} 个权重",
        "{periods} periods, and [year] has {weights} weights",
    ),
    "twice_file": ("{name}：两个结果同名", "{name}: two results of the same name"),
    "year": ("年度结果", "Year"),
    "year_size": (
        "{periods} 个周期，{stations} 个派出所，{with_year} 个有年度结果",
        "{periods} periods, {stations} stations, {with_year} with a year",
    ),
    "year_trigger": ("{title}：{stations}", "{title}: {stations}"),
    "nobody": ("无", "nobody"),
    # the result
    "station": ("派出所", "Station"),
    "name": ("名称", "Name"),
    "class": ("类别", "Class"),
    "group": ("组", "Group"),
    "rank": ("名次", "Rank"),
    "unranked": ("不排名原因", "Why unranked"),
    "total": ("得分", "Points earned"),
    "offered": ("满分", "Points on offer"),
    "rate": ("得分率(%)", "Rate (%)"),
    "so_far": ("已填项得分率(%)", "So far (%)"),
    "grade": ("等次", "Grade"),
    "by_rate": ("按得分率的等次", "Grade by the rate"),
    "best_left": ("等次上限", "Best grade left"),
    "grade_why": ("等次的由来", "Why this grade"),
    "gates": ("未达到的必备条件", "Gates not met"),
    "vetoes": ("一票否决", "Vetoes"),
    "award": ("可否评先评优", "May have awards"),
    "no_grade": ("不定等次", "none"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "missing": ("未填项数", "Unanswered items"),
    "of_offered": ("{title} 满分", "{title}: on offer"),
    "of_rate": ("{title} 得分率(%)", "{title}: rate (%)"),
    "rank_low": ("名次区间 5%", "Rank interval 5 %"),
    "rank_high": ("名次区间 95%", "Rank interval 95 %"),
    "top_three": ("前三名占比(%)", "Share in the top three (%)"),
    "ahead": ("领先下一名的把握(%)", "Certainty ahead of the next (%)"),
    "not_applicable": ("不适用", "n/a"),
    "nothing": ("没有适用的项目", "Nothing applies"),
    "too_little_in": (
        "“{title}”适用分值不足 {share}%",
        "Under {share} % of the points of “{title}” apply",
    ),
    "too_little": ("适用分值不足 {share}%", "Under {share} % of the points apply"),
    "sheet": ("考评结果", "Result"),
    # the summary
    "sum_standard": (
        "标准 {code} {version} {title}，摘要 {digest}",
        "Standard {code} {version}, {title}, digest {digest}",
    ),
    "sum_size": (
        "{stations} 个派出所，{criteria} 项，{facts} 个事实，未填 {unanswered} 个",
        "{stations} stations, {criteria} criteria, {facts} facts, {unanswered} unanswered",
    ),
    "sum_absent": (
        "表里没有的指标列（按未填计）：{codes}",
        "Metrics without a column (counted as unanswered): {codes}",
    ),
    "sum_group": (
        "{group}：{ranked} 个排名，平均 {mean}%，最高 {best}%，最低 {worst}%",
        "{group}: {ranked} ranked, mean {mean} %, best {best} %, lowest {worst} %",
    ),
    "sum_place": ("  第 {rank} 名 {station} {rate}%", "  {rank}. {station} {rate} %"),
    "sum_grades": ("等次：{grades}", "Grades: {grades}"),
    "sum_draws": (
        "名次区间：权重 ±25 % 抽取 {draws} 次，种子 {seed}",
        "Rank intervals: {draws} draws of the weights ±25 %, seed {seed}",
    ),
    "sum_out": ("已写入 {path}", "Written to {path}"),
    # under another standard
    "against_total": ("另一标准得分", "Points under the other standard"),
    "against_offered": ("另一标准满分", "On offer under the other standard"),
    "against_rate": ("另一标准得分率(%)", "Rate under the other standard (%)"),
    "against_rank": ("另一标准名次", "Rank under the other standard"),
    "against_grade": ("另一标准等次", "Grade under the other standard"),
    "against_move": ("名次升降", "Places gained"),
    "against_why": ("变动项目", "Items that change"),
    "against_gone": ("不考评", "left out"),
    "against_classes": (
        "标准 {code} 没有这些类别：{classes}",
        "the standard {code} does not know the classes {classes}",
    ),
    "sum_against": (
        "对照标准 {code} {version} {title}，摘要 {digest}",
        "Against {code} {version}, {title}, digest {digest}",
    ),
    "sum_moved": (
        "{stations} 个派出所中 {moved} 个名次变动，等次上升 {up} 个、下降 {down} 个",
        "{moved} of {stations} stations have another place; {up} a better grade, {down} a worse one",
    ),
    "sum_move": ("  {station} 第 {was} 名 → 第 {now} 名", "  {station} {was} → {now}"),
    "sum_unasked": (
        "对照标准要求而表里没有的指标（按未填计）：{codes}",
        "Metrics of the other standard without a column (counted as unanswered): {codes}",
    ),
    "sum_beyond": (
        "超出对照标准规定范围的指标：{codes}",
        "Metrics with facts outside the bounds of the other standard: {codes}",
    ),
    "everyone": ("全部", "All"),
    "line_grade": ("等次：{reason}", "Grade: {reason}"),
    "points": ("{points}/{full} 分", "{points} of {full}"),
}


class Words:
    """Speaks one language: `words("key", name=…)`."""

    def __init__(self, lang: str = "zh-hans"):
        self.lang = lang
        self.chinese = lang.lower().startswith("zh")

    def __call__(self, key: str, **given) -> str:
        return WORDS[key][0 if self.chinese else 1].format(**given)

    def pick(self, chinese: str, english: str) -> str:
        return chinese if self.chinese or not english else english
