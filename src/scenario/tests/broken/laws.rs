//! Distributions, as tables and as calls.

use super::Broken;

pub(super) const BROKEN: &[Broken] = &[
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = { exponential = { mean = "200" } }"#,
        said: &[r#"21:36: duration "200" has no unit; write "200ms" or "200s""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = { exponential = { mean = -0.2 } }"#,
        said: &[
            r#"21:36: duration "-0.2" is negative; a duration is zero or more, such as "200ms""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "83ms""#,
        said: &[
            r#"21:11: service "83ms" does not say how it varies; write "constant(83ms)" or "exponential(83ms)""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = 83"#,
        said: &[
            r#"21:11: service must be a distribution, not an integer; write "constant(200ms)" or "exponential(200ms)""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "exponential""#,
        said: &[r#"21:11: exponential has no parameters; write "exponential(200ms)""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "exponental(83ms)""#,
        said: &[
            r#"21:12: unknown distribution "exponental"; did you mean "exponential"? distributions: constant, uniform, triangular, exponential, erlang, gamma, lognormal, weibull, pareto, bounded_pareto, hyperexponential, zipf, mixture, empirical, listed"#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "exponential(83)""#,
        said: &[r#"21:24: duration "83" has no unit; write "83ms" or "83s""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "exponential(0s)""#,
        said: &[r#"21:24: exponential: 0 is not a positive number; give one above 0"#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(mean=200ms, cvv=1.2)""#,
        said: &[
            r#"21:34: unknown key "cvv"; did you mean "cv"? keys of lognormal: mean, cv, median, p99"#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(mean=200ms, cv=-1)""#,
        said: &[r#"21:37: number "-1" is negative; a number is zero or more, such as "1.2""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(200ms, 1.2)""#,
        said: &[
            r#"21:22: lognormal takes its parameters by name; write "lognormal(mean=200ms, cv=1.2)""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(mean=200ms, cv=1.2""#,
        said: &[
            r#"21:21: "lognormal(mean=200ms, cv=1.2" is not complete or not legal; expected a closing ")""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(mean=200ms cv=1.2)""#,
        said: &[
            r#"21:35: "lognormal(mean=200ms cv=1.2)" is not complete or not legal; expected "," or ")""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(mean=200ms, mean=1s)""#,
        said: &[r#"21:34: parameter "mean" is given twice; leave one of them out"#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(mean=200ms, cv=1.2) or so""#,
        said: &[
            r#"21:42: "lognormal(mean=200ms, cv=1.2) or so" is not complete or not legal; expected nothing after the closing parenthesis"#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "lognormal(mean=200ms, median=1s, p99=2s)""#,
        said: &[
            r#"21:34: lognormal does not take median beside mean and cv; write mean and cv, or median and p99"#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = { lognormal = { mean = "1s", cv = nan } }"#,
        said: &[r#"21:45: number "NaN" is not a finite number; write a number such as "1.2""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = { pareto = { shape = 2.5 } }"#,
        said: &[r#"21:22: pareto has no mean; write mean = "200ms""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = { pareto = { shape = 0.9, mean = "1s" } }"#,
        said: &[r#"21:32: pareto: a Pareto with shape 0.9 has no mean; give a shape above 1"#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = { gamma = { mean = "1s", cv = 1 }, erlang = { shape = 2, mean = "1s" } }"#,
        said: &[
            r#"21:46: service must be one distribution, and has 2 keys: gamma, erlang; write "exponential(200ms)""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = {}"#,
        said: &[r#"21:11: service names no distribution; write "exponential(200ms)""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "uniform(low=2s, high=1s)""#,
        said: &[r#"21:33: uniform: 1 is below low = 2; give the greater of the two as high"#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "mixture([{weight=1, of=exponential(1s)}, {of=exponential(2)}])""#,
        said: &[
            r#"21:53: this part has no weight; write weight = 9"#,
            r#"21:69: duration "2" has no unit; write "2ms" or "2s""#,
        ],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = { listed = ["1s", 2] }"#,
        said: &[r#"21:29: duration "2" has no unit; write "2ms" or "2s""#],
    },
    Broken {
        change: r#"service   = { exponential = { mean = "83ms" } }"#,
        to: r#"service = "empirical(file=publishes.csv, column=x)""#,
        said: &[
            r#"21:27: durations in a file have no unit of their own; write unit = "ms" beside the file"#,
        ],
    },
];
