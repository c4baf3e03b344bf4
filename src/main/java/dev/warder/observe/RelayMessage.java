package dev.warder.observe;

import java.util.Optional;

/**
 * Telemetry of a client as it came, to be passed on. The array belongs to the message and is not changed.
 *
 * @param client the client's configured name, by which the room in the queue is shared
 * @param type the media type: {@code application/x-protobuf} or {@code application/json}
 * @param coding the content coding of the bytes, if they have one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record RelayMessage(Signal signal, String client, String type, Optional<String> coding, byte[] bytes) {
    public RelayMessage with(byte[] content) {
        return new RelayMessage(signal, client, type, coding, content);
    }

    @Override
    public String toString() {
        return signal.word() + ", " + bytes.length + " bytes";
    }
}
