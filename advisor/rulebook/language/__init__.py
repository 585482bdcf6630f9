"""The language of the rules' conditions: typed, three-valued, and without side effects.

``parsing`` reads a condition, ``checking`` checks it against the names of ``fields``,
``evaluating`` gives its value for one workload, with the functions of ``calling``, and ``arrays``
for many at once, ``tracing`` shows how the value came about, ``templates`` fills reasons,
``rendering`` writes an expression back as text. Evaluation needs neither the parser nor the
checker. See docs/condition-language.md.
"""
