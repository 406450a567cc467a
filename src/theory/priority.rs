//! Priorities: classes of messages, of which the more urgent goes first, and within a class who came first.
//!
//! Class 0 is the most urgent. All streams are Poisson. σ₀ … σₖ are the loads of class k and those above it.

use super::erlang::erlang_c;
use super::error::{ModelError, check_any, check_arrival_rate, check_rates, check_stable};
use super::moments::Moments;

/// What happens to a message in service when a more urgent one comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preemption {
    /// It is served to its end.
    None,
    /// It goes back to the head of its class, and its service goes on later where it stopped.
    Resume,
}

/// A class of messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriorityClass {
    /// Per second, > 0.
    pub arrival_rate: f64,
    /// Time to serve one.
    pub service: Moments,
}

/// M/G/1 with priorities: one server, and service of each class by a law of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorityMg1 {
    classes: Vec<PriorityClass>,
    waits: Vec<f64>,
    utilisation: f64,
}

impl PriorityMg1 {
    /// `classes` from the most urgent on.
    ///
    /// # Errors
    /// Where there is no class, where a rate is not a positive number, and where the classes together are unstable.
    pub fn new(classes: &[PriorityClass], preemption: Preemption) -> Result<Self, ModelError> {
        check_any("classes", classes.len() as u64)?;
        for class in classes {
            check_arrival_rate(class.arrival_rate)?;
        }
        let utilisation = classes.iter().map(load).sum();
        check_stable(utilisation, 1)?;
        let waits = match preemption {
            Preemption::None => waits_without(classes),
            Preemption::Resume => waits_with_resume(classes),
        };
        Ok(Self {
            classes: classes.to_vec(),
            waits,
            utilisation,
        })
    }

    /// Mean time of a message of `class` in the system but not in service; where there is pre-emption, with all its
    /// interruptions.
    ///
    /// With R = Σ λᵢ E\[Sᵢ²\] / 2 over all classes, R / ((1 − σₖ₋₁)(1 − σₖ)) without pre-emption (Cobham 1954,
    /// Operations Research 2). With it, R over classes 0 … k alone, and E\[Sₖ\] σₖ₋₁ / (1 − σₖ₋₁) more, which is what
    /// comes between (Gross, Shortle, Thompson & Harris 2008, §3.4).
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn wait_mean(&self, class: usize) -> f64 {
        self.waits[class]
    }

    /// Mean time of a message of `class` from arrival to the end of service: mean wait + mean service.
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn sojourn_mean(&self, class: usize) -> f64 {
        self.waits[class] + self.classes[class].service.mean()
    }

    /// Mean number of `class` that wait: λₖ · mean wait.
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn ready_mean(&self, class: usize) -> f64 {
        self.classes[class].arrival_rate * self.wait_mean(class)
    }

    /// Mean number of `class` in the system: λₖ · mean sojourn.
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn total_mean(&self, class: usize) -> f64 {
        self.classes[class].arrival_rate * self.sojourn_mean(class)
    }

    /// ρ = Σ λᵢ E\[Sᵢ\], the share of time the server is busy.
    pub fn utilisation(&self) -> f64 {
        self.utilisation
    }
}

fn load(class: &PriorityClass) -> f64 {
    class.arrival_rate * class.service.mean()
}

/// Mean of what is left of the service of this class that an arrival finds: λ E[S²] / 2.
fn found(class: &PriorityClass) -> f64 {
    load(class) * class.service.residual()
}

fn waits_without(classes: &[PriorityClass]) -> Vec<f64> {
    let residual: f64 = classes.iter().map(found).sum();
    let mut above = 0.0;
    let wait = |class| {
        let before = above;
        above += load(class);
        residual / ((1.0 - before) * (1.0 - above))
    };
    classes.iter().map(wait).collect()
}

fn waits_with_resume(classes: &[PriorityClass]) -> Vec<f64> {
    let (mut above, mut residual) = (0.0, 0.0);
    let wait = |class: &PriorityClass| {
        let before = above;
        above += load(class);
        residual += found(class);
        let interrupted = class.service.mean() * before / (1.0 - before);
        residual / ((1.0 - before) * (1.0 - above)) + interrupted
    };
    classes.iter().map(wait).collect()
}

/// M/M/c with priorities: c servers, and exponential service of one rate for all classes.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorityMmc {
    arrival_rates: Vec<f64>,
    service_rate: f64,
    servers: u64,
    waits: Vec<f64>,
    p_wait: f64,
}

impl PriorityMmc {
    /// `arrival_rates` of the classes, from the most urgent on, and the `service_rate` of one server, per second.
    ///
    /// # Errors
    /// Where there is no class, where a rate is not a positive number, and where the classes together are unstable.
    pub fn new(
        arrival_rates: &[f64],
        service_rate: f64,
        servers: u64,
        preemption: Preemption,
    ) -> Result<Self, ModelError> {
        check_any("classes", arrival_rates.len() as u64)?;
        for rate in arrival_rates {
            check_rates(*rate, service_rate)?;
        }
        let loads: Vec<f64> = arrival_rates
            .iter()
            .map(|rate| rate / service_rate)
            .collect();
        let offered_load = loads.iter().sum();
        check_stable(offered_load, servers)?;
        let p_wait = erlang_c(servers, offered_load);
        let waits = match preemption {
            Preemption::None => in_services(&loads, |before, with| {
                let c = servers as f64;
                p_wait * c / ((c - before) * (c - with))
            }),
            Preemption::Resume => {
                in_services(&loads, |before, with| growth_of_line(servers, before, with))
            }
        };
        Ok(Self {
            arrival_rates: arrival_rates.to_vec(),
            service_rate,
            servers,
            waits: waits.into_iter().map(|wait| wait / service_rate).collect(),
            p_wait,
        })
    }

    /// Mean time of a message of `class` in the system but not in service; where there is pre-emption, with all its
    /// interruptions.
    ///
    /// C / (cμ (1 − σₖ₋₁)(1 − σₖ)) without pre-emption, σ in shares of c (Cobham 1954, Operations Research 2). With
    /// it, classes 0 … k are an M/M/c of their own, of which nothing below is seen, and its line grows with class k by
    /// λₖ · wait (Buzen & Bondi 1983, Operations Research 31).
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn wait_mean(&self, class: usize) -> f64 {
        self.waits[class]
    }

    /// Mean time of a message of `class` from arrival to the end of service: mean wait + 1 / μ.
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn sojourn_mean(&self, class: usize) -> f64 {
        self.waits[class] + 1.0 / self.service_rate
    }

    /// Mean number of `class` that wait: λₖ · mean wait.
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn ready_mean(&self, class: usize) -> f64 {
        self.arrival_rates[class] * self.wait_mean(class)
    }

    /// Mean number of `class` in the system: λₖ · mean sojourn.
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn total_mean(&self, class: usize) -> f64 {
        self.arrival_rates[class] * self.sojourn_mean(class)
    }

    /// Probability that all servers are busy: Erlang C at the load of all classes.
    pub fn p_wait(&self) -> f64 {
        self.p_wait
    }

    /// a = Σ λᵢ / μ, in Erlang.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rates.iter().sum::<f64>() / self.service_rate
    }

    /// ρ = a / c, the share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load() / self.servers as f64
    }
}

/// Per class, `wait` of the load above it and of that with it.
fn in_services(loads: &[f64], wait: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut with = 0.0;
    let of_class = |load: &f64| {
        let before = with;
        with += load;
        wait(before, with)
    };
    loads.iter().map(of_class).collect()
}

/// (Lq(`high`) − Lq(`low`)) / (high − low) of M/M/c, by the loads in Erlang, 0 ≤ low < high < c.
///
/// With B = Erlang B, Lq(a) = a c B / ((c − a) D), D = c − a + a B. Written out for two loads, every term of the
/// difference is positive, and the slope of B follows B's own recursion Bₖ = a Bₖ₋₁ / (k + a Bₖ₋₁); so a class that
/// brings next to nothing still has all its digits.
fn growth_of_line(servers: u64, low: f64, high: f64) -> f64 {
    let c = servers as f64;
    let (mut below, mut above, mut slope) = (1.0, 1.0, 0.0);
    for k in 1..=servers {
        let k = k as f64;
        let (calls_below, calls_above) = (low * below, high * above);
        slope = k * (high * slope + below) / ((k + calls_below) * (k + calls_above));
        below = calls_below / (k + calls_below);
        above = calls_above / (k + calls_above);
        // Nothing comes after nothing, so a huge pool costs no more than its load.
        if above <= 0.0 {
            break;
        }
    }
    let (free_low, free_high) = (c - low, c - high);
    let numerator = low * high * below * above
        + high * free_low * free_low * slope
        + below * (c * c - low * high);
    let denominators = free_low * (free_low + low * below) * free_high * (free_high + high * above);
    c * numerator / denominators
}

#[cfg(test)]
mod tests;
