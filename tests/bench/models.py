#!/usr/bin/env python3
"""models.py PEER MODEL FILE: the seconds that a peer takes to fit a model to what it has read, and its
log-likelihood. Ends with status 3 where a peer is not installed or does not have the model.

scipy is L-BFGS-B over the logarithms of the parameters: with the gradient of the formulas for bgnbd,
mbgnbd and gg, with scipy's own differences for pnbd, bgbb, sbg and bdw. lifetimes has all but sbg and
bdw. Whole-numbered data come as counts of what is different, as a sensible user would bring them; sbg
and bdw are fitted to each group of survivors."""
import csv
import sys
import time
import warnings

warnings.filterwarnings("ignore")
try:
    import numpy
    from scipy.optimize import minimize
    from scipy.special import betaln, digamma, gammaln, hyp2f1
except ImportError:
    sys.exit(3)


def columns(path, *names):
    with open(path, newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        places = [header.index(name) for name in names]
        return [numpy.array(c) for c in zip(*([float(r[p] or "nan") for p in places] for r in rows))]


def read(model, path):
    """The groups, each a tuple of arrays."""
    if model in ("sbg", "bdw"):
        group, left = columns(path, "group", "survivors")
        return [(left[group == g],) for g in numpy.unique(group)]
    if model == "bgbb":
        points, counts = numpy.unique(numpy.array(columns(path, "x", "t_x", "n")), axis=1,
                                      return_counts=True)
        return [(*points, counts)]
    if model == "gg":
        x, m_x = columns(path, "x", "m_x")
        return [(x[m_x > 0], m_x[m_x > 0])]
    x, t_x, T = columns(path, "x", "t_x", "T")
    return [(x, t_x / 7, T / 7)]


# Log-likelihoods, with the gradient where there is one.

def beta_geometric(params, x, t_x, T, modified):
    r, alpha, a, b = params
    n = x + modified
    some = n > 0
    to_end, to_last = numpy.log(alpha + T), numpy.log(alpha + t_x)
    ratio = numpy.where(some, numpy.log(a) - numpy.log(numpy.where(some, b + n - 1, 1)) +
                        (r + x) * (to_end - to_last), -numpy.inf)
    value = (gammaln(r + x) - gammaln(r) + r * numpy.log(alpha) - (r + x) * to_end + gammaln(a + b) +
             gammaln(b + n) - gammaln(b) - gammaln(a + b + n) + numpy.logaddexp(0, ratio))
    dead = 1 / (1 + numpy.exp(-ratio))
    both = digamma(a + b) - digamma(a + b + n)
    return value.sum(), numpy.array([
        (digamma(r + x) - digamma(r) + numpy.log(alpha) - to_end + dead * (to_end - to_last)).sum(),
        (r / alpha - (r + x) / (alpha + T) +
         dead * (r + x) * (1 / (alpha + T) - 1 / (alpha + t_x))).sum(),
        (both + dead / a).sum(),
        (both + digamma(b + n) - digamma(b) - dead / numpy.where(some, b + n - 1, numpy.inf)).sum()])


def bgnbd(params, x, t_x, T):
    return beta_geometric(params, x, t_x, T, False)


def mbgnbd(params, x, t_x, T):
    return beta_geometric(params, x, t_x, T, True)


def pnbd(params, x, t_x, T):
    r, alpha, s, beta = params
    most, apart, shape = max(alpha, beta), abs(alpha - beta), r + s + x
    third = (s + 1 if alpha >= beta else r + x) + 0 * x
    sooner = hyp2f1(shape, third, shape + 1, apart / (most + t_x))
    later = hyp2f1(shape, third, shape + 1, apart / (most + T))
    gone = (numpy.log(sooner - later * numpy.exp(shape * numpy.log((most + t_x) / (most + T)))) -
            shape * numpy.log(most + t_x) + numpy.log(s / shape))
    there = -(r + x) * numpy.log(alpha + T) - s * numpy.log(beta + T)
    return (gammaln(r + x) - gammaln(r) + r * numpy.log(alpha) + s * numpy.log(beta) +
            numpy.logaddexp(there, gone)).sum(), None


def gg(params, x, m):
    p, q, v = params
    to_sum = numpy.log(x * m + v)
    value = (gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * numpy.log(v) +
             (p * x - 1) * numpy.log(m) + p * x * numpy.log(x) - (p * x + q) * to_sum)
    both = digamma(p * x + q)
    return value.sum(), numpy.array([
        (x * (both - digamma(p * x) + numpy.log(x * m) - to_sum)).sum(),
        (both - digamma(q) + numpy.log(v) - to_sum).sum(),
        (q / v - (p * x + q) / (x * m + v)).sum()])


def bgbb(params, x, t_x, n, counts):
    alpha, beta, gamma, delta = params
    ways = [betaln(alpha + x, beta + n - x) + betaln(gamma, delta + n)]
    for after in range(int((n - t_x).max())):
        t = t_x + after
        ways.append(numpy.where(t < n, betaln(alpha + x, beta + numpy.maximum(t, x) - x) +
                                betaln(gamma + 1, delta + t), -numpy.inf))
    value = numpy.logaddexp.reduce(ways) - betaln(alpha, beta) - betaln(gamma, delta)
    return (counts * value).sum(), None


def leaving(left, log_there):
    """Of survivors, by the logarithm of the share that is there at the end of each period."""
    gone = log_there[:-1] + numpy.log(-numpy.expm1(log_there[1:] - log_there[:-1]))
    return -(numpy.diff(left) * gone).sum() + left[-1] * log_there[-1], None


def sbg(params, left):
    alpha, beta = params
    return leaving(left, betaln(alpha, beta + numpy.arange(len(left))) - betaln(alpha, beta))


def bdw(params, left):
    a, b, c = params
    return leaving(left, betaln(a, b + numpy.arange(len(left)) ** c) - betaln(a, b))


LOGLIKS = {"bgnbd": (bgnbd, 4), "mbgnbd": (mbgnbd, 4), "pnbd": (pnbd, 4), "gg": (gg, 3), "bgbb": (bgbb, 4),
           "sbg": (sbg, 2), "bdw": (bdw, 3)}


# Peers: the parameters that they find for a group.

def by_scipy(model, group):
    loglik, count = LOGLIKS[model]
    whole = group[0][0] if model in ("sbg", "bdw") else len(group[0])
    with_slopes = model in ("bgnbd", "mbgnbd", "gg")

    def value(theta):
        params = numpy.exp(theta)
        sum, slopes = loglik(params, *group)
        return (-sum / whole, -slopes * params / whole) if with_slopes else -sum / whole

    return numpy.exp(minimize(value, numpy.zeros(count), jac=with_slopes or None, method="L-BFGS-B",
                              options={"ftol": 1e-13, "gtol": 1e-8}).x)


FITTERS = {"bgnbd": ("BetaGeoFitter", "r alpha a b"), "mbgnbd": ("ModifiedBetaGeoFitter", "r alpha a b"),
           "pnbd": ("ParetoNBDFitter", "r alpha s beta"), "gg": ("GammaGammaFitter", "p q v"),
           "bgbb": ("BetaGeoBetaBinomFitter", "alpha beta gamma delta")}


def by_lifetimes(model, group):
    name, params = FITTERS[model]
    found = getattr(lifetimes, name)().fit(*group).params_
    return [found[param] for param in params.split()]


peer, model, path = sys.argv[1:]
if peer == "lifetimes":
    try:
        import lifetimes
    except ImportError:
        sys.exit(3)
    if model not in FITTERS:
        sys.exit(3)
groups = read(model, path)
start = time.monotonic()
found = [(by_scipy if peer == "scipy" else by_lifetimes)(model, group) for group in groups]
seconds = time.monotonic() - start
# lifetimes itself has the likelihood of scaled times, so it is computed here.
likelihood = sum(LOGLIKS[model][0](params, *group)[0] for params, group in zip(found, groups))
print(f"{seconds:.3f} {likelihood:.6f}")
