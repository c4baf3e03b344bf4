package dev.warder.contract;

import dev.warder.testkit.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message of many bytes, written piece by piece so that no test holds a whole one. */
record LargeMessage(long length) {
    private static final String START = "{\"model\":\"claude-x\",\"messages\":[{\"role\":\"user\",\"content\":\"";
    private static final String END = "\"}]}";
    private static final int PIECE = 64 * 1024;

    /** Sends the head alone. */
    void sendHead(RawClient client) throws IOException {
        client.send(SharedContract.post("/v1/messages")
                .field("Content-Length", Long.toString(length))
                .head());
    }

    /** Sends the body, however long the gateway leaves it unread. */
    void sendBody(RawClient client) throws IOException {
        client.send(START);
        var piece = new byte[PIECE];
        Arrays.fill(piece, (byte) 'x');
        for (var left = length - START.length() - END.length(); left > 0; left -= PIECE) {
            client.send(new String(piece, 0, (int) Math.min(left, PIECE), StandardCharsets.US_ASCII));
        }
        client.send(END);
    }
}
