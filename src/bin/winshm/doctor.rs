use crate::cli::Doctor;
use crate::failure::{Failure, Outcome};

pub fn run(_args: Doctor) -> Outcome {
    Err(Failure::not_built())
}
