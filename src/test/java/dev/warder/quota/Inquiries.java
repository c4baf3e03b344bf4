package dev.warder.quota;

import dev.warder.auth.Client;
import dev.warder.auth.Inquiry;
import dev.warder.body.Chunks;
import dev.warder.http.Call;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.json.JsonException;
import dev.warder.json.OutlineScanner;
import dev.warder.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Requests of clients, one member of whose bodies is {@code max_tokens}. */
final class Inquiries {
    static final String MODEL = "claude-haiku-4-5";

    private static final Pattern MOST = Pattern.compile("max_tokens\":([0-9]+)");

    private Inquiries() {}

    /** A request of the client {@code ada} for one model. */
    static Inquiry of(String id, String members, Policy policy) throws JsonException {
        return of(id, MODEL, members, policy);
    }

    /** The same for any model. */
    static Inquiry of(String id, String model, String members, Policy policy) throws JsonException {
        return of(id, "ada", model, members, body(members).length, policy);
    }

    /** The same of any client, whose body is taken to have this length. */
    static Inquiry of(String id, String client, String model, String members, long length, Policy policy)
            throws JsonException {
        byte[] bytes = body(members);
        var chunks = new Chunks();
        chunks.append(bytes, 0, bytes.length);
        var most = MOST.matcher(members);
        if (!most.find()) {
            throw new IllegalArgumentException(members);
        }
        return new Inquiry(
                new Call(id, "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES),
                new Client(client, Set.of(), List.of(), policy.entry(client), Optional.empty(), false),
                false,
                Optional.empty(),
                List.of(),
                Optional.of(new Inquiry.Content(
                        length,
                        OutlineScanner.outline(chunks),
                        Optional.of(model),
                        OptionalLong.of(Long.parseLong(most.group(1))))));
    }

    /** The body of such a request. */
    static byte[] body(String members) {
        return ("{\"model\":\"" + MODEL + "\"," + members + "}").getBytes(StandardCharsets.UTF_8);
    }
}
