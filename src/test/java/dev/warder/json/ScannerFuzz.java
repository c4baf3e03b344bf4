package dev.warder.json;

import java.util.List;
import java.util.Optional;

/** The scanner decides as the reference parser does, wherever the document is cut. */
public final class ScannerFuzz {
    private ScannerFuzz() {}

    /** The first byte says where the rest, a document, is cut. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] document = java.util.Arrays.copyOfRange(data, 1, data.length);
        var whole = scanned(document, 0);
        check(scanned(document, (data[0] & 0xff) * document.length / 256).equals(whole), "depends on the cut");
        if (document.length <= 128) {
            // Below every limit, so that nothing but the grammar decides.
            check(ReferenceParserTest.referred(document).equals(whole), "differs from the reference parser");
        }
    }

    private static Optional<List<String>> scanned(byte[] document, int cut) {
        try {
            return Optional.of(Recorder.events(document, cut));
        } catch (JsonException refused) {
            return Optional.empty();
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
