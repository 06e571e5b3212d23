"""Risk from a biomarker over time: a joint longitudinal-survival model, its rivals, and the measures they meet.

Any positive biomarker: what is particular to POEMS syndrome comes in as data. Fitting needs `openpoems[dynamics]`;
predicting needs numpy only.
"""
