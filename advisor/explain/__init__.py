"""Why an answer is what it is: its story, its numbers, its verdicts, as one tree for every format.

``Case`` holds an answer with what it was made of. ``story``, ``options``, ``bills``, ``rules``,
``numbers`` and ``claims`` each return an ``Explanation``; ``advisor.report.explanations`` renders
it.
"""
