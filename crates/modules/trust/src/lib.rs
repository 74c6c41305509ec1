//! Who may do what, to what, until when, how much; and fuel, the right to use the chain.
