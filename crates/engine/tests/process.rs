//! One validator as a real process part: tokio, files, a socket.

mod toy;

use engine::{Config, EngineError, Handle, Node, Pacing, Storage, deal_from_seed};
use std::{path::Path, sync::Arc};
use toy::{Toy, Tx, Waiting};

fn node(folder: &Path) -> Node {
    let (committee, mut secrets) = deal_from_seed(1, 1);
    Node {
        config: Config {
            committee,
            secret: secrets.remove(0),
            pacing: Pacing { heartbeat_ms: 200, interval_ms: 1 },
            storage: Storage { cache_mib: 4, keep_blocks: None },
            state_sync: false,
        },
        folder: folder.to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        peers: Vec::new(),
        threads: 2,
    }
}

/// Runs a validator until the work on it is done.
fn with_node<R: Send + 'static, F: Future<Output = R> + Send + 'static>(
    folder: &Path,
    toy: Arc<Toy>,
    work: impl FnOnce(Handle, Arc<Waiting>) -> F + Send + 'static,
) -> Result<R, EngineError> {
    let waiting = Arc::new(Waiting::default());
    let (done, finished) = tokio::sync::oneshot::channel();
    let (result, given) = std::sync::mpsc::sync_channel(1);
    let in_work = waiting.clone();
    engine::run(
        node(folder),
        toy,
        waiting,
        Box::new(move |handle| {
            let work = work(handle, in_work);
            tokio::spawn(async move {
                result.send(work.await).expect("someone waits");
                let _ = done.send(());
            });
        }),
        Box::pin(async {
            let _ = finished.await;
        }),
    )?;
    Ok(given.try_recv().expect("the work was done"))
}

#[test]
fn one_validator_makes_blocks_and_a_restart_keeps_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let toy = Toy::new();
    let height = with_node(folder.path(), toy.clone(), |handle, waiting| async move {
        handle.loaded().await;
        let mut follow = handle.follow(0);
        let mut last = 0;
        for number in 0..20 {
            waiting.add(Tx::put(number, number, b"first"));
            loop {
                let block = follow.next().await.expect("all blocks are kept");
                last = block.block.header.height;
                if !block.block.body.is_empty() {
                    assert_eq!(block.receipts.len(), block.block.body.len());
                    break;
                }
            }
        }
        last
    })
    .expect("the first run");
    assert_eq!(toy.value(19), Some(b"first".to_vec()));

    let again = Toy::new();
    let (root, records) =
        with_node(folder.path(), again.clone(), move |handle, waiting| async move {
            handle.loaded().await;
            assert!(handle.status().height >= Some(height), "no block is lost");
            let mut follow = handle.follow(1);
            for expected in 1..=height {
                let block = follow.next().await.expect("all blocks are kept");
                assert_eq!(block.block.header.height, expected);
                assert_eq!(block.receipts.len(), block.block.body.len());
            }
            waiting.add(Tx::delete(100, 3));
            waiting.add(Tx::put(5, 5, b"a replay"));
            while follow.next().await.expect("all blocks are kept").block.body.is_empty() {}
            handle.records().await
        })
        .expect("the second run");
    assert_eq!(again.value(3), None);
    assert_eq!(again.value(5), Some(b"first".to_vec()));
    assert_ne!(root, types::B256::ZERO);
    assert_eq!(again.records(), records, "memory and store hold the same records");
}

#[test]
fn a_data_directory_belongs_to_one_process_and_one_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    with_node(folder.path(), Toy::new(), move |handle, _| async move {
        handle.loaded().await;
        let locked = with_node(&path, Toy::new(), |_, _| async {});
        assert!(matches!(locked, Err(EngineError::Locked(_))), "{locked:?}");
    })
    .expect("the owner runs");
    let other = with_node(folder.path(), Toy::of_network("another"), |_, _| async {});
    assert!(matches!(other, Err(EngineError::WrongNetwork { what: "genesis", .. })), "{other:?}");
    std::fs::write(folder.path().join("network.json"), b"{").expect("written");
    let damaged = with_node(folder.path(), Toy::new(), |_, _| async {});
    assert!(matches!(damaged, Err(EngineError::Corrupted(_))), "{damaged:?}");
}
