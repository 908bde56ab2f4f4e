#!/usr/bin/env python3
"""models.py PEER MODEL PROFILE: the seconds that a peer takes to fit a model to a profile that it
has read, and its log-likelihood. The peers are scipy (L-BFGS-B with the gradient of the formulas; bgnbd
and mbgnbd) and lifetimes (bgnbd, mbgnbd, gg). Ends with status 3 where one is not installed."""
import csv
import sys
import time
import warnings

warnings.filterwarnings("ignore")
try:
    import numpy
    from scipy.optimize import minimize
    from scipy.special import digamma, gammaln
except ImportError:
    sys.exit(3)


def columns(path, *names):
    with open(path, newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        places = [header.index(name) for name in names]
        return [numpy.array(c) for c in zip(*([float(r[p] or "nan") for p in places] for r in rows))]


def loglik(theta, x, t_x, T, modified):
    """The mean log-likelihood of BG/NBD or MBG/NBD with its gradient, by logarithms of parameters."""
    r, alpha, a, b = numpy.exp(theta)
    n = x + modified
    some = n > 0
    to_end, to_last = numpy.log(alpha + T), numpy.log(alpha + t_x)
    ratio = numpy.where(some, numpy.log(a) - numpy.log(numpy.where(some, b + n - 1, 1)) +
                        (r + x) * (to_end - to_last), -numpy.inf)
    value = (gammaln(r + x) - gammaln(r) + r * numpy.log(alpha) - (r + x) * to_end + gammaln(a + b) +
             gammaln(b + n) - gammaln(b) - gammaln(a + b + n) + numpy.logaddexp(0, ratio))
    dead = 1 / (1 + numpy.exp(-ratio))
    both = digamma(a + b) - digamma(a + b + n)
    slope = numpy.array([
        (digamma(r + x) - digamma(r) + numpy.log(alpha) - to_end + dead * (to_end - to_last)).sum(),
        (r / alpha - (r + x) / (alpha + T) +
         dead * (r + x) * (1 / (alpha + T) - 1 / (alpha + t_x))).sum(),
        (both + dead / a).sum(),
        (both + digamma(b + n) - digamma(b) - dead / numpy.where(some, b + n - 1, numpy.inf)).sum()])
    return -value.mean(), -slope * numpy.exp(theta) / len(x)


def by_scipy(model, path):
    x, t_x, T = columns(path, "x", "t_x", "T")
    start = time.monotonic()
    found = minimize(loglik, numpy.zeros(4), (x, t_x / 7, T / 7, model == "mbgnbd"), jac=True,
                     method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-8})
    return time.monotonic() - start, -found.fun * len(x)


def spend_loglik(p, q, v, x, m):
    return (gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * numpy.log(v) +
            (p * x - 1) * numpy.log(m) + p * x * numpy.log(x) - (p * x + q) * numpy.log(x * m + v)).sum()


def by_lifetimes(model, path):
    """The likelihood is computed here: lifetimes has it of scaled times, with a penalty if asked."""
    try:
        import lifetimes
    except ImportError:
        sys.exit(3)
    x, t_x, T, m_x = columns(path, "x", "t_x", "T", "m_x")
    t_x, T, use = t_x / 7, T / 7, m_x > 0
    start = time.monotonic()
    if model == "gg":
        params = lifetimes.GammaGammaFitter().fit(x[use], m_x[use]).params_
    elif model == "bgnbd":
        params = lifetimes.BetaGeoFitter().fit(x, t_x, T).params_
    else:
        params = lifetimes.ModifiedBetaGeoFitter().fit(x, t_x, T).params_
    seconds = time.monotonic() - start
    if model == "gg":
        return seconds, spend_loglik(params["p"], params["q"], params["v"], x[use], m_x[use])
    theta = numpy.log([params[name] for name in ("r", "alpha", "a", "b")])
    return seconds, -loglik(theta, x, t_x, T, model == "mbgnbd")[0] * len(x)


seconds, likelihood = (by_scipy if sys.argv[1] == "scipy" else by_lifetimes)(sys.argv[2], sys.argv[3])
print(f"{seconds:.3f} {likelihood:.6f}")
