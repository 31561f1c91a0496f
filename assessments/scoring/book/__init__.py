"""A standard as the pages of a workbook, a row a criterion, the way appraisal offices write 评分细则 — and back.

pages = writing.pages(document, classes)          # cells only: stationstd's workbook makes the file
reading = reading.read(sheets, classes, library)  # document, faults by cell

What is written and read again is the same document, key by key. Described in docs/standard-workbook.md.
"""
