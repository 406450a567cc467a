//! Batches before one server.

use crate::theory::Moments;
use crate::theory::error::{ModelError, check_arrival_rate, check_stable};

/// M^X/G/1: batches and service by their moments, one server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchMg1 {
    batch_rate: f64,
    batch_mean: f64,
    batch_second: f64,
    service: Moments,
}

impl BatchMg1 {
    /// `batch_rate` batches per second, mean and second moment of their sizes, and the time to serve one message.
    ///
    /// # Errors
    /// Where a rate is not a positive number, where no batch has such moments, and where one server is too few.
    pub fn new(
        batch_rate: f64,
        batch_mean: f64,
        batch_second: f64,
        service: Moments,
    ) -> Result<Self, ModelError> {
        check_arrival_rate(batch_rate)?;
        // The square of the mean is a product that may be rounded up.
        let least = batch_mean * batch_mean * (1.0 - 4.0 * f64::EPSILON);
        if !(batch_mean >= 1.0 && batch_mean.is_finite() && batch_second >= least) {
            return Err(ModelError::parameter(
                "batch_mean",
                batch_mean,
                "must be at least 1, and its square at most the second moment",
            ));
        }
        check_stable(batch_rate * batch_mean * service.mean(), 1)?;
        Ok(Self {
            batch_rate,
            batch_mean,
            batch_second,
            service,
        })
    }

    /// ρ, the share of time the server is busy.
    pub fn utilisation(&self) -> f64 {
        self.batch_rate * self.batch_mean * self.service.mean()
    }

    /// Mean wait of the first message of a batch: that of M/G/1 whose service is a whole batch's, E\[B\] = E\[X\]
    /// E\[S\], E\[B²\] = E\[X\] E\[S²\] + E\[X (X − 1)\] E\[S\]² (Burke 1975, Operations Research 23).
    pub fn wait_mean_of_first(&self) -> f64 {
        let mean = self.service.mean();
        let second = self.batch_mean * self.service.second() + self.pairs() * mean * mean;
        let load = self.utilisation();
        self.batch_rate * second / (2.0 * (1.0 - load))
    }

    /// Mean wait of a message: that of the first of its batch, and for those before it in the batch,
    /// E\[X (X − 1)\] E\[S\] / (2 E\[X\]) (Burke 1975).
    pub fn wait_mean(&self) -> f64 {
        let before = self.pairs() / (2.0 * self.batch_mean);
        self.wait_mean_of_first() + before * self.service.mean()
    }

    /// Mean time of a message from arrival to the end of service: mean wait + E\[S\].
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service.mean()
    }

    /// Mean number that wait, Lq = λE\[X\] · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.batch_rate * self.batch_mean * self.wait_mean()
    }

    /// Mean number in the system, L = Lq + ρ.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.utilisation()
    }

    /// E\[X (X − 1)\].
    fn pairs(&self) -> f64 {
        (self.batch_second - self.batch_mean).max(0.0)
    }
}
