"""The quarter's work: editions, periods, assessments, answers, evidence, reviews, scores, ranks, jobs, reports."""

from .answers import AnswerChange, Answers, Layer
from .assessment import Assessment, Returning, Review, State, Submission
from .draft import Draft
from .edition import Edition
from .evidence import Evidence
from .exemption import Exemption
from .extension import Extension
from .job import Job
from .objection import Objection
from .period import Grouping, Period, Publication
from .remark import Remark
from .reopening import Reopening
from .report import Report
from .score import OfficialRank, PastScore, RunScore, Score, Standing
from .vector import Vector
from .veto import Veto

__all__ = [
    "AnswerChange",
    "Answers",
    "Assessment",
    "Draft",
    "Edition",
    "Evidence",
    "Exemption",
    "Extension",
    "Grouping",
    "Job",
    "Layer",
    "Objection",
    "OfficialRank",
    "PastScore",
    "Period",
    "Publication",
    "Remark",
    "Reopening",
    "Report",
    "Returning",
    "Review",
    "RunScore",
    "Score",
    "Standing",
    "State",
    "Submission",
    "Vector",
    "Veto",
]
