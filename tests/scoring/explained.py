"""The figures, norms and coefficients that the tests of explanations speak of."""

NAMES = """
[metric."staff.officers"]
kind = "count"
title = "民警"
title_en = "Officers"
unit = "人"
unit_en = "officers"
fixable_by = "bureau"

[metric."staff.college"]
kind = "count"
title = "大专以上民警"
title_en = "Officers with college education"
unit = "人"
unit_en = "officers"

[metric."video.blind"]
kind = "count"
title = "监控盲区"
title_en = "Blind spots"
unit = "处"
unit_en = "spots"

[metric."funds.violations"]
kind = "count"
title = "违规"
title_en = "Violations"
unit = "次"
unit_en = "violations"

[metric."room.bath"]
kind = "yes_no"
title = "浴室"
title_en = "Bathroom"

[metric."room.bed"]
kind = "yes_no"
title = "宿舍"
title_en = "Dormitory"

[metric."area.office"]
kind = "area"
title = "办公面积"
title_en = "Office area"

[derived."share.college"]
formula = "100 * staff.college / staff.officers"
title = "大专以上占比"
title_en = "Share with college education"
unit = "%"
unit_en = "%"
kind = "share"

[metric."check.right"]
kind = "count"
title = "合格份数"
title_en = "Records right"
unit = "份"
unit_en = "records"

[metric."check.size"]
kind = "count"
title = "抽查份数"
title_en = "Records checked"
unit = "份"
unit_en = "records"

[metric."judge.first"]
kind = "number"
title = "评委甲"
title_en = "First judge"
unit = "分"
unit_en = "points"
high = 10

[metric."judge.second"]
kind = "number"
title = "评委乙"
title_en = "Second judge"
unit = "分"
unit_en = "points"
high = 10

[metric."title.until"]
kind = "date"
title = "安全单位称号有效期"
title_en = "Safety title valid until"

[coefficient.hard]
title = "难度系数"
title_en = "difficulty"
low = 0.8
high = 1.2
values = { default = 1.1 }
"""
