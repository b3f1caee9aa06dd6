"""Where formulas come from, as metrics and docs/metrics.md name them."""

COUNTED = "counted; no interval: it is all of them"
SHARES = (
    "interval: Wilson 1927 (Newcombe 1998, Statistics in Medicine 17:857-872, method 3); "
    "difference: Newcombe 1998, 17:873-890, method 10"
)
QUANTILES = (
    "cells of 2 % (analytics/metrics/spread); interval: ranks of a binomial, Conover 1999, 3.2; "
    "difference: Price and Bonett 2002"
)
MEANS = "interval: Student's t; difference: Welch 1947"
NPS = "Reichheld 2003; interval and difference: adjusted Wald, Rocks 2016"
