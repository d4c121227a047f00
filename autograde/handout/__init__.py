"""The derivations as a handout: equations that are checked as they are printed, in PDF and HTML from one source.

From the bottom up: `tokens`, `expressions`, `reader`, `parser`, `worlds`, `evaluator`, `claims` give an equation's LaTeX a truth
value in worlds such as those of `networks` and `training`; `percent`, `displays`, `assembly`, `equations` collect the text and its
checks; `pandoc`, `formulas`, `document`, `pdf`, `page` print it; `make` and `written` are what the command calls.
"""
