#!/usr/bin/env python3
"""Writes the values that tests/unit/special.c compares with, by mpmath 1.4 with 60 digits.

    pip install mpmath && python3 tests/unit/special_table.py >tests/unit/special_table.h

The arguments are the doubles as C reads them; the values are rounded to 20 digits.
"""
from mpmath import mp, mpf, exp, expm1, gammainc, betainc, hyp2f1, log, log1p, loggamma, psi

mp.dps = 60


def log_gamma(x):
    return loggamma(x)


def log_rising(x, n):
    return loggamma(x + n) - loggamma(x)


def digamma_rising(x, n):
    return psi(0, x + n) - psi(0, x)


def log_beta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def log_beta_ratio(a, m, b, n):
    return log_beta(a + m, b + n) - log_beta(a, b)


def log_2f1(a, b, c, z):
    mp.dps = 200  # heavy buyers cancel hundreds of digits
    value = log(abs(hyp2f1(a, b, c, z, maxterms=10**7)))
    mp.dps = 60
    return value


def log_upper_scaled(s, z):
    return log(gammainc(s, z)) + z


def beta_p(a, b, x):
    return betainc(a, b, 0, x, regularized=True)


def product(*lists):
    rows = [[]]
    for values in lists:
        rows = [row + [value] for row in rows for value in values]
    return rows


rows = []


def add(function, name, *argument_rows):
    for arguments in argument_rows:
        value = mp.re(function(*[mpf(x) for x in arguments]))
        if 0 < abs(value) < mpf(10) ** -300:
            continue  # below what a double holds
        padded = ", ".join(repr(float(x)) for x in arguments)
        rows.append("    {%s, {%s}, %s}," % (name, padded, mp.nstr(value, 20)))


add(exp, "EXP", *[[x] for x in (-707.5, -700.5, -30.25, -1.0, -0.3, -1e-9, 0.0, 0.1, 0.34, 1.0, 20.7,
                                709.5)])
add(log, "LOG", *[[x] for x in (5e-324, 1e-300, 0.1, 0.7, 0.9999999, 1.0, 1.0000001, 1.4, 2.5, 1e10,
                                1e308)])
add(log1p, "LOG1P", *[[x] for x in (-0.99, -0.5, -0.29, -1e-12, 0.0, 1e-300, 1e-7, 0.41, 0.42, 3.0,
                                    1e15, 1e18)])
add(expm1, "EXPM1", *[[x] for x in (-50.0, -0.36, -0.34, -1e-10, 0.0, 1e-14, 0.3, 0.4, 9.0)])
add(log_gamma, "LOG_GAMMA", *[[x] for x in (1e-300, 1e-8, 0.2425, 0.499, 0.5, 0.999, 1.0, 1.001, 1.4,
                                            1.9999999, 2.0, 2.3, 2.51, 3.0, 7.77, 9.99, 10.0, 10.01,
                                            55.5, 400.25, 1e5, 1e10, 1e13)])
add(lambda x: psi(0, x), "DIGAMMA", *[[x] for x in (1e-8, 0.2425, 1.0, 1.46163214, 2.0, 9.9, 10.0,
                                                    33.3, 1e6, 1e13)])
add(log_rising, "LOG_RISING", *product([1e-10, 0.2425, 1.5, 9.5, 30.0, 1e6, 1e13],
                                       [1e-9, 0.5, 1.0, 7.0, 500.0, 20000.0]), [5.5, -5.0],
    [40.0, -39.5], [1e13, -1.0])
add(digamma_rising, "DIGAMMA_RISING", *product([1e-10, 0.2425, 9.5, 30.0, 1e6, 1e13],
                                               [1e-9, 0.5, 1.0, 500.0, 20000.0]), [5.5, -5.0])
add(log_beta, "LOG_BETA", *product([1e-6, 0.79, 12.0, 1e7], [1e-6, 2.4, 33.0, 1e13]))
add(log_beta_ratio, "LOG_BETA_RATIO", *product([1e-4, 0.8, 1e7], [0.0, 1.0], [0.3, 2.4, 1e13],
                                               [0.0, 3.0, 40.0, 999.0]))
# BG/NBD: a = r + x, b = b + x, c = a + b + x - 1; c below 0 for x = 0 and a + b < 1.
for r, a, b in ((0.243, 0.793, 2.426), (0.02, 0.3, 0.2), (3.0, 5.5, 40.0), (0.7, 1.0, 1.5)):
    for x in (0, 1, 30, 1000):
        for z in (0.001, 0.3, 0.86, 0.97, 0.9999):
            c = a + b + x - 1
            add(log_2f1, "LOG_2F1", [r + x, b + x, c, z])
# Pareto/NBD: a = r + s + x, b = s + 1, c = r + s + x + 1; residual life: 1, b, c.
for x in (0, 26, 500):
    for z in (0.0, 0.05, 0.7, 0.995):
        add(log_2f1, "LOG_2F1", [0.55 + 0.61 + x, 1.61, 0.55 + 0.61 + x + 1, z])
add(log_2f1, "LOG_2F1", [1.0, 10.8, 11.47, 1 / 1.1], [1.0, 1.5, 70.0, 0.999],
    [9000.5, 2.0, 9010.0, 0.5])
add(log_upper_scaled, "LOG_UPPER_SCALED",
    *product([-120.5, -41.0, -39.5, -7.0, -2.5, -1.0, -0.5, -1e-9, 0.0, 1e-12, 0.394, 0.5, 0.51, 1.0,
              2.0, 25.5], [1e-8, 0.003, 0.21, 1.0, 1.49, 1.51, 9.0, 700.0, 1e9]))
add(beta_p, "BETA_P", *product([0.5, 3.0, 200.0], [0.243, 1.0, 40.0], [0.001, 0.3, 0.84, 0.999]))

print("/* Made by special_table.py, with mpmath: a function, its arguments, its value. */")
print("#ifndef RT_SPECIAL_TABLE_H\n#define RT_SPECIAL_TABLE_H\n")
names = []
for row in rows:
    name = row.split("{")[1].split(",")[0]
    if name not in names:
        names.append(name)
print("enum special {%s};\n" % ", ".join(names))
print("static const struct special_value {")
print("    enum special function;\n    double arguments[4];\n    double value;\n} special_values[] = {")
print("\n".join(rows))
print("};\n\n#endif")
