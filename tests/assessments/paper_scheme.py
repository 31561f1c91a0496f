"""A county's paper scheme of 30 rows, typed into a spreadsheet the way an office does: one sheet, nine columns."""

from io import BytesIO

from openpyxl import Workbook

HEADS = ("序号", "类别", "考核内容", "分值", "计分方式", "指标", "参数", "佐证材料", "依据")
# A section, then (content, points, way of scoring, metrics, options); the metrics of the library stand by title.
SCHEME = {
    "基础设施": [
        ("四区分设", 4, "清单", "服务区、办案区、办公区、生活区", "必备=办案区"),
        ("分区物理隔离", 3, "按比例", "有门禁的分区出入口、分区出入口", None),
        ("办案封闭流水线", 3, "有无", "办案封闭流水线", None),
        ("自有办公用房", 2, "是否", "自有办公用房", None),
        ("便民设施", 3, "按比例", "new: 便民设施（项）", "应有数=5"),
        ("停车位", 2, "达标", "new: 停车位（个）", "目标=6"),
    ],
    "警力配备": [
        ("最低警力", 5, "达标", "民警", "目标=5"),
        ("辅警培训", 3, "按比例", "new: 参训辅警（人）", "应有数=new: 应训辅警（人）"),
        ("值班备勤", 4, "扣分", "new: 值班缺岗（次）", "每次扣=0.5；下限=0"),
        ("领导带班", 3, "达标制", "new: 领导带班（天）", "目标=30"),
        ("体能达标率", 3, "分档", "new: 体能达标率（%）", "分档=95:3、90:2、80:1；其余=0"),
    ],
    "社区警务": [
        ("走访到户", 6, "按比例", "new: 已走访户数（户）、new: 应走访户数（户）", None),
        ("警民恳谈", 3, "达标", "new: 警民恳谈（场）", "目标=2"),
        ("矛盾化解率", 4, "线性插值", "new: 矛盾化解率（%）", "零分值=60；满分值=95"),
        ("宣传发动", 2, "达标", "new: 宣传活动（场）", "目标=3"),
        ("群防群治", 3, "按比例", "new: 群防力量（人）", "应有数=20"),
        ("群众满意度", 6, "低于目标扣分", "new: 群众满意度（%）", "目标=95；每低扣=0.5；下限=0"),
    ],
    "执法规范": [
        (
            "台账完整",
            5,
            "倒扣分",
            "new: 无台账（处）、new: 台账不全（处）",
            "每次扣=2、0.5；下限=0；单项上限=台账不全:2",
        ),
        ("案卷评查", 4, "抽查", "new: 合格案卷（份）、new: 抽查案卷（份）", "合格线=80"),
        ("笔录规范", 3, "扣分", "new: 笔录瑕疵（处）", "每次扣=0.5；下限=0"),
        ("涉案财物管理", 3, "扣分", "new: 财物管理差错（处）", "每次扣=1；下限=0"),
        ("执法记录仪使用", 4, "按比例", "new: 使用记录仪警情（起）、new: 出动警情（起）", None),
        ("法制学习", 2, "达标", "new: 法制学习（次）", "目标=3"),
    ],
    "服务群众": [
        ("窗口服务", 3, "评议", "new: 窗口服务评分（分）", "满分等级=10"),
        ("办证时限", 3, "按比例", "new: 按时办结（件）、new: 应办结（件）", None),
        ("投诉处理", 4, "扣分", "new: 有效投诉（件）", "每次扣=1；下限=0"),
        ("接警到场", 3, "达标（不超过）", "new: 平均到场时间（分钟）", "目标=10"),
        ("便民举措", 2, "达标", "new: 便民举措（项）", "目标=2"),
    ],
    "内务管理": [
        ("内务卫生", 3, "评议", "new: 内务评分（分）", "满分等级=100"),
        ("信息报送", 2, "名次计分", "new: 信息报送（篇）", "优劣=越高越好；名次=1:2、3:1；其余=0"),
    ],
}


def rows() -> list[list]:
    """The sheet as it is typed: a title, the heads, one row a criterion, the section written once, a sum below."""
    made: list[list] = [["××县公安局派出所考核评分细则"], list(HEADS)]
    for section, items in SCHEME.items():
        for place, (content, points, shape, metrics, options) in enumerate(items):
            number = len(made) - 1
            source = f"考核办法第{number}条"
            made.append([number, None if place else section, content, points, shape, metrics, options, "台账", source])
    made.append(["合计", None, None, sum(row[3] for row in made[2:])])
    return made


def book(changed: dict[tuple[int, str], object] | None = None) -> bytes:
    """The file. `changed`: (number of the row on paper, head) -> what is typed there instead."""
    typed = rows()
    for (number, head), value in (changed or {}).items():
        typed[number + 1][HEADS.index(head)] = value
    return of_rows(typed)


def of_rows(rows: list[list]) -> bytes:
    """A file of one sheet."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    content = BytesIO()
    made.save(content)
    return content.getvalue()
