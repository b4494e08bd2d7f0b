use crate::cli::Show;
use crate::failure::{Failure, Outcome};

pub fn run(_args: Show) -> Outcome {
    Err(Failure::not_built())
}
