//! The versioned serde model of a finished analysis: the JSON contract.
