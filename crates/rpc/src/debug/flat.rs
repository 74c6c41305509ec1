//! A tree of frames as Parity lists it: one after the other, each with its address in the tree.

use alloy_rpc_types_trace::{
    geth::CallFrame,
    parity::{
        Action, CallAction, CallOutput, CallType, CreateAction, CreateOutput, CreationMethod,
        SelfdestructAction, TraceOutput, TransactionTrace,
    },
};

/// All frames, the outermost first.
pub(crate) fn frames(top: &CallFrame) -> Vec<TransactionTrace> {
    let mut all = Vec::new();
    // The next on top, so that children come in their order, before their parent's next sibling.
    let mut left = vec![(Vec::new(), top)];
    while let Some((address, frame)) = left.pop() {
        for (place, child) in frame.calls.iter().enumerate().rev() {
            let mut below = address.clone();
            below.push(place);
            left.push((below, child));
        }
        all.push(flat(frame, address));
    }
    all
}

fn flat(frame: &CallFrame, trace_address: Vec<usize>) -> TransactionTrace {
    let CallFrame { from, to, gas, gas_used, input, output, value, error, typ, calls, .. } = frame;
    let (to, value) = (to.unwrap_or_default(), value.unwrap_or_default());
    let (gas, gas_used) = (gas.saturating_to(), gas_used.saturating_to());
    let output = output.clone().unwrap_or_default();
    let (action, result) = match typ.as_str() {
        "CREATE" | "CREATE2" => {
            let method =
                if typ == "CREATE" { CreationMethod::Create } else { CreationMethod::Create2 };
            let init = input.clone();
            (
                Action::Create(CreateAction {
                    from: *from,
                    gas,
                    init,
                    value,
                    creation_method: method,
                }),
                Some(TraceOutput::Create(CreateOutput { address: to, code: output, gas_used })),
            )
        }
        "SELFDESTRUCT" => {
            let gone = SelfdestructAction { address: *from, balance: value, refund_address: to };
            (Action::Selfdestruct(gone), None)
        }
        typ => {
            let call_type = match typ {
                "DELEGATECALL" => CallType::DelegateCall,
                "STATICCALL" => CallType::StaticCall,
                "CALLCODE" => CallType::CallCode,
                _ => CallType::Call,
            };
            let call = CallAction { from: *from, call_type, gas, input: input.clone(), to, value };
            (Action::Call(call), Some(TraceOutput::Call(CallOutput { gas_used, output })))
        }
    };
    TransactionTrace {
        action,
        error: error.as_deref().map(in_paritys_words),
        result: result.filter(|_| error.is_none()),
        subtraces: calls.len(),
        trace_address,
    }
}

fn in_paritys_words(error: &str) -> String {
    match error {
        "execution reverted" => "Reverted".to_owned(),
        "out of gas" => "Out of gas".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_in_the_order_of_the_tree_and_an_error_has_no_result() {
        let leaf = |typ: &str| CallFrame { typ: typ.into(), ..CallFrame::default() };
        let failed = CallFrame { error: Some("execution reverted".into()), ..leaf("STATICCALL") };
        let inner = CallFrame { calls: vec![leaf("CREATE2"), failed], ..leaf("DELEGATECALL") };
        let top = CallFrame { calls: vec![inner, leaf("CALL")], ..leaf("CALL") };
        let all = frames(&top);
        let addresses: Vec<&[usize]> = all.iter().map(|one| &one.trace_address[..]).collect();
        let expected: [&[usize]; 5] = [&[], &[0], &[0, 0], &[0, 1], &[1]];
        assert_eq!(addresses, expected);
        assert_eq!(all.iter().map(|one| one.subtraces).collect::<Vec<_>>(), [2, 2, 0, 0, 0]);
        assert!(matches!(all[2].action, Action::Create(_)));
        assert_eq!((all[3].error.as_deref(), all[3].result.is_none()), (Some("Reverted"), true));
    }
}
