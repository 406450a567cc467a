//! How long a backlog takes to drain, and how many consumers drain it in time: the fluid, whose arithmetic is exact,
//! and how far chance moves its end.

use super::QuestionError;
use super::given::{consumers, count, is_law, positive_duration, unit};
use crate::report::json::{SCHEMA_VERSION, to_text};
use crate::scenario::{self, ReadFile};
use crate::theory::least_stable_servers;
use crate::units::{self, show_rate, show_seconds};
use serde::Serialize;

/// What is asked, each as given on the command line.
#[derive(Clone, Debug)]
pub struct AskedDrain {
    /// Messages that wait.
    pub backlog: String,
    /// Messages that go on arriving.
    pub arrivals: String,
    /// Consumers; `None` where only `by` is asked.
    pub consumers: Option<String>,
    /// A mean time to work on one message, or a law.
    pub service: String,
    /// When the backlog is to be gone.
    pub by: Option<String>,
}

/// A backlog that drains.
#[derive(Clone, Debug)]
pub struct Drain {
    backlog: f64,
    rate: f64,
    service_mean: f64,
    /// What the law of service is called.
    law: String,
    /// Squared coefficient of variation of service.
    service_scv: f64,
    servers: u64,
    /// The time asked for, in seconds, and the fewest consumers that keep it.
    by: Option<(f64, u64)>,
    /// The fewest consumers that ever drain it.
    least: u64,
}

/// A share of a consumer that is rounding.
const ROUNDING: f64 = 1e-9;
/// Of a normal law, 95 % lie within so many standard deviations.
const WITHIN_95: f64 = 1.96;

/// Reads the question, and refuses what never drains.
///
/// # Errors
/// Where something is not of its kind, and where the backlog grows.
pub fn drain(asked: &AskedDrain, read_file: ReadFile<'_>) -> Result<Drain, QuestionError> {
    let backlog = count("--backlog", &asked.backlog)? as f64;
    let rate = units::parse_rate(&asked.arrivals).map_err(|error| unit("--arrivals", &error))?;
    let (service_mean, service_scv, law) = if is_law(&asked.service) {
        let law =
            scenario::law("--service", &asked.service, read_file).map_err(QuestionError::Law)?;
        (law.mean(), law.scv(), asked.service.trim().to_owned())
    } else {
        (
            positive_duration("--service", &asked.service)?.as_secs_f64(),
            1.0,
            "exponential".to_owned(),
        )
    };
    let least = least_stable_servers(rate, service_mean.recip()).unwrap_or(1);
    let by = asked
        .by
        .as_deref()
        .map(|text| positive_duration("--by", text))
        .transpose()?;
    let by = by.map(|by| {
        let by = by.as_secs_f64();
        let servers = (rate + backlog / by) * service_mean;
        (by, ((servers * (1.0 - ROUNDING)).ceil() as u64).max(least))
    });
    let servers = match (&asked.consumers, by) {
        (Some(text), _) => consumers(text)?,
        (None, Some((_, servers))) => servers,
        (None, None) => {
            let message = "how many there are is not said; give --consumers 100, or when it is to be gone: --by 10m";
            return Err(QuestionError::rule("--consumers", message));
        }
    };
    if service_mean <= 0.0 {
        let message = format!("{} is not more than 0; write \"10ms\"", asked.service);
        return Err(QuestionError::rule("--service", message));
    }
    if servers < least {
        let message = format!(
            "{servers} {} {} and {} arrive: the backlog never drains; {least} are the least that drain it{}",
            verb(servers, "serves", "serve"),
            show_rate(servers as f64 / service_mean),
            show_rate(rate),
            by.map_or_else(String::new, |(by, servers)| format!(
                ", {servers} do in {}",
                show_seconds(by)
            )),
        );
        return Err(QuestionError::rule("--consumers", message));
    }
    Ok(Drain {
        backlog,
        rate,
        service_mean,
        law,
        service_scv,
        servers,
        by,
        least,
    })
}

impl Drain {
    /// Seconds until nobody waits: backlog / (cμ − λ), all consumers busy throughout.
    pub fn seconds(&self) -> f64 {
        self.backlog / self.surplus()
    }

    /// Standard deviation of that time with Poisson arrivals, for a long backlog: while all are busy the level is a
    /// walk whose variance grows by λ + cμ·cv² per second, and its first passage to 0 has variance backlog · (λ +
    /// cμ·cv²) / (cμ − λ)³ (Wald's second identity; exact for exponential service). Infinite where the variance of
    /// service is.
    pub fn deviation(&self) -> f64 {
        let spread = self.rate + self.capacity() * self.service_scv;
        (self.backlog * spread / self.surplus().powi(3)).sqrt()
    }

    /// Wait of a message that arrives `after` seconds, first come first served: what is before it, over cμ.
    pub fn wait_after(&self, after: f64) -> f64 {
        (self.backlog - self.surplus() * after).max(0.0) / self.capacity()
    }

    /// Age of the oldest message at first, if the backlog piled up at this rate while nothing was served; `None` where
    /// nothing arrives.
    pub fn oldest_at_first(&self) -> Option<f64> {
        (self.rate > 0.0).then(|| self.backlog / self.rate)
    }

    fn capacity(&self) -> f64 {
        self.servers as f64 / self.service_mean
    }

    fn surplus(&self) -> f64 {
        self.capacity() - self.rate
    }

    /// Age of the oldest that waits, `after` seconds: while the piled-up are served, their first is as old as it was
    /// and older by what has passed, less what was served of the pile; then it is whoever came since.
    fn oldest_after(&self, after: f64) -> Option<f64> {
        let at_first = self.oldest_at_first()?;
        let served = self.capacity() * after;
        if served < self.backlog {
            return Some(at_first + after - served / self.rate);
        }
        let arrived = (served - self.backlog) / self.rate;
        Some((after - arrived).max(0.0))
    }

    /// For a person.
    pub fn text(&self) -> String {
        let end = self.seconds();
        let half = end / 2.0;
        let mut text = format!(
            "drained in {}   the backlog falls by {}: {} {} {}, {} arrive (fluid; all are busy until it is gone)\n",
            show_seconds(end),
            show_rate(self.surplus()),
            self.servers,
            verb(self.servers, "consumer serves", "consumers serve"),
            show_rate(self.capacity()),
            show_rate(self.rate),
        );
        text += &self.chance();
        text += &format!(
            "wait     {} for what arrives now   {} for what arrives in {}\n",
            show_seconds(self.wait_after(0.0)),
            show_seconds(self.wait_after(half)),
            show_seconds(half),
        );
        if let (Some(first), Some(later)) = (self.oldest_at_first(), self.oldest_after(half)) {
            text += &format!(
                "oldest   {} now, if it piled up at {} while nothing was served   {} in {}\n",
                show_seconds(first),
                show_rate(self.rate),
                show_seconds(later),
                show_seconds(half),
            );
        }
        text + &self.consumers()
    }

    /// How many consumers it takes.
    fn consumers(&self) -> String {
        let least = format!(
            "{} {}",
            self.least,
            verb(self.least, "is the least", "are the least")
        );
        match self.by {
            Some((by, servers)) => format!(
                "{servers} {} it in {}; {least} that ever {} it.\n",
                verb(servers, "consumer drains", "consumers drain"),
                show_seconds(by),
                verb(self.least, "drains", "drain"),
            ),
            None => format!(
                "{} {} the least that ever {} it.\n",
                self.least,
                verb(self.least, "consumer is", "consumers are"),
                verb(self.least, "drains", "drain"),
            ),
        }
    }

    /// What chance adds: around the fluid where the backlog is long; else it decides.
    fn chance(&self) -> String {
        let deviation = self.deviation();
        let around = WITHIN_95 * deviation;
        if deviation.is_infinite() {
            return "chance   decides: the variance of service is infinite; simulate it: queuelab init\n"
                .to_owned();
        }
        let said = if around < self.seconds() / 2.0 {
            format!("± {} in 95 of 100 drains", show_seconds(around))
        } else {
            format!(
                "decides: {} is the mean, the standard deviation {}",
                show_seconds(self.seconds()),
                show_seconds(deviation)
            )
        };
        format!(
            "chance   {said} ({} service and Poisson arrivals assumed)\n",
            self.law
        )
    }

    /// For a program; times in seconds.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Answer {
            schema_version: u32,
            model: &'static str,
            drain_time_s: f64,
            drain_time_sd_s: Option<f64>,
            wait_now_s: f64,
            oldest_age_now_s: Option<f64>,
            consumers: u64,
            consumers_by: Option<u64>,
            consumers_least: u64,
        }
        to_text(&Answer {
            schema_version: SCHEMA_VERSION,
            model: "fluid",
            drain_time_s: self.seconds(),
            drain_time_sd_s: Some(self.deviation()).filter(|deviation| deviation.is_finite()),
            wait_now_s: self.wait_after(0.0),
            oldest_age_now_s: self.oldest_at_first(),
            consumers: self.servers,
            consumers_by: self.by.map(|(_, servers)| servers),
            consumers_least: self.least,
        })
    }
}

fn verb(count: u64, one: &'static str, several: &'static str) -> &'static str {
    if count == 1 { one } else { several }
}
