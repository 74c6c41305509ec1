//! A WebSocket connection: calls in any order, and what it subscribed to.
//!
//! Everything that goes out passes one bounded queue. Answers wait for room there, so that a client
//! that does not read is not worked for; notices do not wait: who falls behind is disconnected.

use crate::{
    door::{Door, Outgoing},
    subscriptions::Session,
};
use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, broadcast::error::RecvError, mpsc},
    time::{MissedTickBehavior, interval, timeout},
};

/// Messages that may wait for a client.
const QUEUE: usize = 4_096;
/// How often it is looked whether the node catches up, beside each block.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// A message with the room that it takes until it is sent.
type Queued = (Message, OwnedSemaphorePermit);

/// Why a connection ends.
enum End {
    /// The client went, or asked for it.
    Gone,
    /// The client does not read as fast as it is told.
    Slow,
}

struct Connection {
    door: Arc<Door>,
    session: Session,
    queue: mpsc::Sender<Queued>,
    room: Arc<Semaphore>,
}

/// Serves a connection until it ends.
pub(crate) async fn serve(socket: WebSocket, door: Arc<Door>) {
    let (sink, stream) = socket.split();
    let (queue, queued) = mpsc::channel(QUEUE);
    let room = Arc::new(Semaphore::new(door.config.max_answer_bytes));
    let connection =
        Arc::new(Connection { door: door.clone(), session: Session::default(), queue, room });
    let mut sender = Sender { sink, queued, door: door.clone() };
    let end = tokio::select! {
        end = sender.run() => end,
        end = connection.listen(stream) => end,
        end = connection.announce() => end,
    };
    connection.session.end(&door);
    if matches!(end, End::Slow) {
        door.metrics.dropped.inc();
        tracing::info!("a WebSocket client reads too slowly, it is disconnected");
        let reason = Utf8Bytes::from_static("the client reads too slowly");
        let close = Message::Close(Some(CloseFrame { code: close_code::POLICY, reason }));
        // It may not even read this.
        let _ = timeout(door.config.client_timeout, sender.sink.send(close)).await;
    }
}

impl Connection {
    /// Takes calls, a few at a time.
    async fn listen(self: &Arc<Self>, mut stream: SplitStream<WebSocket>) -> End {
        let in_flight = Arc::new(Semaphore::new(self.door.config.max_in_flight));
        // A ping goes out in every such time, so silence means that nobody is there.
        let silence = self.door.config.client_timeout * 3;
        loop {
            let body = match timeout(silence, stream.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => Bytes::from(text),
                Ok(Some(Ok(Message::Binary(bytes)))) => bytes,
                // These are answered as the next message is looked for; there is none after a close.
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_)))) => continue,
                Ok(Some(Err(_)) | None) | Err(_) => return End::Gone,
            };
            let Ok(permit) = in_flight.clone().acquire_owned().await else { return End::Gone };
            let this = self.clone();
            tokio::spawn(async move {
                this.call(body).await;
                drop(permit);
            });
        }
    }

    async fn call(&self, body: Bytes) {
        let Outgoing { text, begun } = self.door.answer(body, Some(&self.session)).await;
        let mut answer = None;
        if let Some(text) = text.and_then(|text| Utf8Bytes::try_from(Bytes::from(text)).ok()) {
            let Ok(room) = self.room.clone().acquire_many_owned(self.room_for(text.len())).await
            else {
                return;
            };
            // There is a place in the queue unless the connection has ended.
            let Ok(place) = self.queue.reserve().await else { return };
            answer = Some((place, (Message::Text(text), room)));
        }
        self.session.begin(&self.door, begun, || {
            if let Some((place, queued)) = answer {
                place.send(queued);
            }
        });
    }

    /// Tells what was subscribed to, block after block.
    async fn announce(&self) -> End {
        let mut announced = self.door.index.announced();
        let mut pending = self.door.pending.announced();
        // A node that has lost the others gets no blocks.
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let told = tokio::select! {
                block = announced.recv() => match block {
                    Ok(block) => self.session.tell_block(&self.door, &block, |text| self.tell(text)),
                    Err(RecvError::Lagged(_)) => Err(End::Slow),
                    Err(RecvError::Closed) => Err(End::Gone),
                },
                taken = pending.recv() => match taken {
                    Ok(taken) => self.session.tell_taken(&self.door, &taken, |text| self.tell(text)),
                    // Who listens to blocks alone falls behind here without a loss.
                    Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => Err(End::Gone),
                },
                _ = look.tick() => self.session.tell_sync(&self.door, |text| self.tell(text)),
            };
            if let Err(end) = told {
                return end;
            }
        }
    }

    /// Puts a notice into the queue: who has no room for it is too slow.
    fn tell(&self, text: String) -> Result<(), End> {
        let room = self.room.clone().try_acquire_many_owned(self.room_for(text.len()));
        let queued = (Message::Text(text.into()), room.map_err(|_| End::Slow)?);
        self.queue.try_send(queued).map_err(|_| End::Slow)
    }

    /// One message may take all the room there is, never more.
    fn room_for(&self, bytes: usize) -> u32 {
        bytes.min(self.door.config.max_answer_bytes).try_into().unwrap_or(u32::MAX)
    }
}

struct Sender {
    sink: SplitSink<WebSocket, Message>,
    queued: mpsc::Receiver<Queued>,
    door: Arc<Door>,
}

impl Sender {
    async fn run(&mut self) -> End {
        let patience = self.door.config.client_timeout;
        let mut ping = interval(patience);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let (message, _room) = tokio::select! {
                queued = self.queued.recv() => match queued {
                    Some((message, room)) => (message, Some(room)),
                    None => return End::Gone,
                },
                _ = ping.tick() => (Message::Ping(Bytes::new()), None),
            };
            match timeout(patience, self.sink.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return End::Gone,
                Err(_) => return End::Slow,
            }
        }
    }
}
