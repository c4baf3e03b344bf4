package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Shows that the search for secrets can fail: each of 40 is found in each encoding, amid other text. */
class SecretScanTest {
    private static final Map<String, UnaryOperator<String>> ENCODINGS = encodings();

    @Test
    void findsEachCanaryInEachEncoding() {
        var canaries = new Canaries(42);
        for (int i = 0; i < 20; i++) {
            canaries.token("token " + i, "prefix-");
            canaries.content("content " + i);
        }
        assertThat(canaries.values()).hasSize(40);
        assertThat(ENCODINGS).hasSize(9);
        for (var value : canaries.all()) {
            ENCODINGS.forEach((encoding, encode) -> {
                assertThat(new SecretScan(List.of(value)).find("a=" + encode.apply(value) + "&b=1"))
                        .as(encoding)
                        .isPresent();
                assertThat(canaries.in("a=" + encode.apply(value) + "&b=1"))
                        .as(encoding)
                        .isPresent();
            });
        }
    }

    @Test
    void findsPartsOfCanariesAndNothingElse() {
        var canaries = new Canaries(43);
        var token = canaries.token("token", "prefix-");
        assertThat(canaries.in("..." + token.substring(token.length() - 8))).contains("part of token");
        assertThat(canaries.in(token.substring(0, 14))).isEmpty();
        assertThat(canaries.in("prefix-" + "of another token, of which nothing is a canary"))
                .isEmpty();
    }

    @Test
    void isDoneByALogCaptureWhoseReportsDoNotRepeatASecret() {
        var secret = "s3cret/with+odd=signs";
        try (var capture = LogCapture.start()) {
            Logger.getLogger("dev.warder.x").info("before " + secret);
            capture.plant(secret);
            Logger.getLogger("dev.warder.x").info("after " + secret);
            assertThat(capture.leaks()).hasSize(2).noneMatch(leak -> leak.contains(secret));
        }
    }

    /** In the virtual machine of the unit tests {@link SecretWatch} is off, so that what is planted here fails nothing. */
    @Test
    void isDoneInErrorsAndInErrorEvents() throws Exception {
        SecretWatch.plant("short", "planted-in-an-error", "planted-in-an-event");
        try (var upstream = ScriptedUpstream.plain()) {
            upstream.next((request, reply) -> reply.json(500, Messages.error("api_error", "planted-in-an-error")));
            upstream.next(Script.events(Messages.event("error", Messages.error("api_error", "planted-in-an-event"))));
            upstream.next((request, reply) -> reply.json(400, Messages.error("api_error", "short")));
            RawClient.exchange(upstream.uri(), RawRequest.of("GET", "/"));
            try (var client = RawClient.connect(upstream.uri())) {
                client.send(RawRequest.of("GET", "/")).readHead();
                client.readEvent();
            }
            RawClient.exchange(upstream.uri(), RawRequest.of("GET", "/"));
        }
        assertThat(SecretWatch.leaks())
                .anyMatch(leak -> leak.endsWith(" as it is in an answer 500"))
                .anyMatch(leak -> leak.endsWith(" as it is in an error event"))
                .noneMatch(leak -> leak.contains("400") || leak.contains("planted"));
    }

    private static Map<String, UnaryOperator<String>> encodings() {
        var encodings = new LinkedHashMap<String, UnaryOperator<String>>();
        encodings.put("raw", text -> text);
        encodings.put("Base64 of it alone", text -> Base64.getEncoder().encodeToString(Canaries.bytes(text)));
        encodings.put("Base64 after one", text -> Base64.getEncoder().encodeToString(Canaries.bytes("a" + text)));
        encodings.put("Base64 after two", text -> Base64.getEncoder().encodeToString(Canaries.bytes("ab" + text)));
        encodings.put("Base64url", text -> Base64.getUrlEncoder().encodeToString(Canaries.bytes("a" + text)));
        encodings.put("hex", text -> HexFormat.of().withUpperCase().formatHex(Canaries.bytes(text)));
        encodings.put("URL", text -> URLEncoder.encode(text, StandardCharsets.UTF_8));
        encodings.put("JSON", Messages::quoted);
        encodings.put("HTML", text -> text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;"));
        return encodings;
    }
}
