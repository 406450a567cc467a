//! Models that are more than one plain line: priorities, retries, breakdowns, branches.

use super::{Answer, Basis, Line, Servers, Solution, Unsolved};
use crate::theory::{
    BreakdownMg1, BreakdownMmc, Failing, ForkJoin, Law, ModelError, Moments, Preemption,
    PriorityClass, PriorityMg1, PriorityMmc, RetryMmc,
};
use crate::workload::{Arrivals, Distribution};

const FORK_JOIN_ERROR: &str =
    "after Nelson and Tantawi, within about 5 % of simulation up to 32 branches";
const NOT_ONE_SERVER: Unsolved =
    Unsolved::NoModel("there are several servers, and service is not exponential");

/// Poisson arrivals at a pool of servers that are all alike.
#[derive(Clone, Copy, Debug)]
pub struct Pool<'a> {
    /// Per second.
    pub arrival_rate: f64,
    /// Work that a message brings, in seconds.
    pub service: &'a Distribution,
    /// Servers.
    pub servers: u64,
}

/// Classes of messages with Poisson arrivals at these `rates` per second, the most urgent first, all with work of one
/// law; the figures of each class, and of all together.
///
/// Exact for exponential work and for one server, where the means exist.
///
/// # Errors
/// Where there is no such model, and where the line grows without end.
pub fn priorities(
    rates: &[f64],
    service: &Distribution,
    servers: u64,
    preemption: Preemption,
) -> Result<Solution, Unsolved> {
    let waits = waits(rates, service, servers, preemption)?;
    let service_mean = service.mean();
    let of_class = |(arrival_rate, wait): (&f64, &f64)| Means {
        arrival_rate: *arrival_rate,
        service_mean,
        wait: *wait,
        servers: None,
    };
    let pool = Pool {
        arrival_rate: rates.iter().sum(),
        service,
        servers,
    };
    let ready: f64 = rates
        .iter()
        .zip(&waits)
        .map(|(rate, wait)| rate * wait)
        .sum();
    let all = Means {
        arrival_rate: pool.arrival_rate,
        service_mean,
        wait: ready / pool.arrival_rate,
        servers: Some(servers),
    };
    let how = match preemption {
        Preemption::None => "with priorities",
        Preemption::Resume => "with pre-emptive priorities",
    };
    let mut solution = pool.solution(how, Box::new(all))?;
    let classes = rates.iter().zip(&waits).map(of_class);
    solution.classes = classes
        .map(|class| Box::new(class) as Box<dyn Answer>)
        .collect();
    Ok(solution)
}

/// Attempts fail with a probability, and go back to the end of the line at once until one succeeds. Waits are those
/// before the first attempt, sojourns last to the end of the last.
///
/// # Errors
/// Where service is not exponential, and where the line grows without end.
pub fn retries(pool: &Pool<'_>, p_fail: f64) -> Result<Solution, Unsolved> {
    let Distribution::Exponential { mean } = pool.service else {
        return Err(Unsolved::NoModel(
            "messages are tried again, and service is not exponential",
        ));
    };
    let model = RetryMmc::new(
        pool.arrival_rate,
        mean.recip(),
        pool.servers,
        p_fail,
        None,
        0.0,
    )?;
    pool.solution("with retries", Box::new(model))
}

/// Servers that fail after exponential times `up`, and are back after exponential times `down`, both means in seconds;
/// their work goes on where it was left.
///
/// # Errors
/// Where there are several servers and service is not exponential, and where the line grows without end.
pub fn breakdowns(pool: &Pool<'_>, up: f64, down: f64) -> Result<Solution, Unsolved> {
    let (rate, service) = (pool.arrival_rate, pool.service);
    let (fail, repair) = (up.recip(), down.recip());
    let answer: Box<dyn Answer> = if let Distribution::Exponential { mean } = service {
        let model = BreakdownMmc::new(rate, mean.recip(), pool.servers, fail, repair)?;
        Box::new(model)
    } else if pool.servers == 1 {
        let exponential_repair = Moments::with_scv(down, 1.0)?;
        let service = moments(service)?;
        let model = BreakdownMg1::new(rate, service, fail, exponential_repair, Failing::Always)?;
        Box::new(model)
    } else {
        return Err(NOT_ONE_SERVER);
    };
    pool.solution("with breakdowns", answer)
}

/// Messages split into `branches`, each an M/M/1 of its own, of which the last ends the message.
///
/// Exact for two branches.
///
/// # Errors
/// Where branches have several servers or service is not exponential, and where a line grows without end.
pub fn branches(pool: &Pool<'_>, branches: u64) -> Result<Solution, Unsolved> {
    let Distribution::Exponential { mean } = pool.service else {
        return Err(Unsolved::NoModel(
            "work is split into branches, and service is not exponential",
        ));
    };
    if pool.servers != 1 {
        return Err(Unsolved::NoModel(
            "work is split into branches of several servers each",
        ));
    }
    let model = ForkJoin::new(pool.arrival_rate, mean.recip(), branches)?;
    let exact = model.is_exact();
    let mut solution = pool.solution("forked and joined", Box::new(model))?;
    if !exact {
        solution.basis = Basis::Approximate(FORK_JOIN_ERROR);
    }
    Ok(solution)
}

impl Pool<'_> {
    /// Named after the plain line, and what is different.
    fn solution(&self, how: &str, answer: Box<dyn Answer>) -> Result<Solution, Unsolved> {
        let arrivals = Arrivals::poisson(self.arrival_rate)
            .map_err(|_| ModelError::ArrivalRate(self.arrival_rate))?;
        let line = Line::new(arrivals, self.service.clone(), Servers::Count(self.servers));
        Ok(Solution {
            name: format!("{} {how}", line.name()),
            basis: Basis::Exact,
            answer,
            classes: Vec::new(),
        })
    }
}

/// Means of one class, or of all together; by Little's law all follow from the wait.
#[derive(Clone, Copy, Debug)]
struct Means {
    arrival_rate: f64,
    service_mean: f64,
    wait: f64,
    /// Of all together: a class has no servers of its own.
    servers: Option<u64>,
}

impl Means {
    fn load(&self) -> f64 {
        self.arrival_rate * self.service_mean
    }
}

impl Answer for Means {
    fn offered_load(&self) -> Option<f64> {
        self.servers.map(|_| self.load())
    }
    fn utilisation(&self) -> Option<f64> {
        self.servers.map(|servers| self.load() / servers as f64)
    }
    fn wait_mean(&self) -> Option<f64> {
        Some(self.wait)
    }
    fn sojourn_mean(&self) -> Option<f64> {
        Some(self.wait + self.service_mean)
    }
    fn ready_mean(&self) -> Option<f64> {
        Some(self.arrival_rate * self.wait)
    }
    fn total_mean(&self) -> Option<f64> {
        Some(self.arrival_rate * (self.wait + self.service_mean))
    }
}

/// Mean time that messages of each class are there and not in service.
fn waits(
    rates: &[f64],
    service: &Distribution,
    servers: u64,
    preemption: Preemption,
) -> Result<Vec<f64>, Unsolved> {
    let classes = 0..rates.len();
    if let Distribution::Exponential { mean } = service {
        let model = PriorityMmc::new(rates, mean.recip(), servers, preemption)?;
        return Ok(classes.map(|class| model.wait_mean(class)).collect());
    }
    if servers != 1 {
        return Err(NOT_ONE_SERVER);
    }
    let service = moments(service)?;
    let of_rate = |rate: &f64| PriorityClass {
        arrival_rate: *rate,
        service,
    };
    let each: Vec<PriorityClass> = rates.iter().map(of_rate).collect();
    let model = PriorityMg1::new(&each, preemption)?;
    Ok(classes.map(|class| model.wait_mean(class)).collect())
}

fn moments(law: &Distribution) -> Result<Moments, ModelError> {
    Moments::new(law.moment(1), law.moment(2))
}
