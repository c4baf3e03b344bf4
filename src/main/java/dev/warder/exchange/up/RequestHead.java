package dev.warder.exchange.up;

import dev.warder.auth.PresentedToken;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.http.Route;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;

/**
 * The part of a request's head that an exchange needs, copied out before the request object goes back to its container.
 *
 * @param method as it came
 * @param path the path and query that go upstream, without the prefix of the configured URL
 * @param fields the fields that travel end to end, without credentials; the list does not change
 * @param contentLength the declared length of the body in bytes, negative when none is declared
 * @param hasBody whether a body follows
 * @param coding the content coding of the body in lower case, empty when there is none
 */
public record RequestHead(
        String method, String path, List<Field> fields, long contentLength, boolean hasBody, String coding) {
    private static final String RAW_PREFIX = "/anthropic";

    /** RFC 9530 and its predecessors. */
    private static final List<String> DIGESTS = List.of("content-digest", "repr-digest", "digest", "content-md5");

    /** Fields about Codex 0.169.0 itself and its conversation, which concern no API but OpenAI's. */
    private static final List<String> CODEX = List.of("session-id", "thread-id", "originator");

    public static RequestHead of(HttpServletRequest request, Call call, String tokenHeader) {
        var token = Attributes.get(request, PresentedToken.class);
        long length = request.getContentLengthLong();
        boolean chunked = request.getHeader("transfer-encoding") != null;
        boolean framedByStream = request.getProtocol().startsWith("HTTP/2") && length < 0 && mayHaveBody(call.method());
        String coding = String.join(",", Fields.values(request, "content-encoding"))
                .strip()
                .toLowerCase(Locale.ROOT);
        return new RequestHead(
                call.method(),
                upstreamPath(call),
                List.copyOf(upward(call, Fields.upward(request, tokenHeader, token::isIn))),
                length,
                length > 0 || chunked || framedByStream,
                coding.equals("identity") ? "" : coding);
    }

    RequestHead with(String newPath, List<Field> newFields) {
        return new RequestHead(method, newPath, newFields, contentLength, hasBody, coding);
    }

    /** A GET, also for a client that asks with HEAD, where the response is made from the whole response of the upstream. */
    RequestHead reading(String newPath, List<Field> newFields) {
        return new RequestHead("GET", newPath, newFields, contentLength, hasBody, coding);
    }

    boolean isGzip() {
        return coding.equals("gzip") || coding.equals("x-gzip");
    }

    public boolean isReadable() {
        return coding.isEmpty() || isGzip();
    }

    /**
     * The fields of a request whose body was collected: decoded. The response is to have no coding, since usage is read
     * there.
     */
    List<Field> collectedFields() {
        var collected = new ArrayList<Field>(fields.size());
        for (var field : fields) {
            boolean coded = field.name().equalsIgnoreCase("content-encoding");
            boolean negotiates = field.name().equalsIgnoreCase("accept-encoding");
            if (!coded && !negotiates) {
                collected.add(field);
            }
        }
        collected.add(new Field("Accept-Encoding", "identity"));
        return collected;
    }

    /** The fields of a request without a body whose response is edited: the whole of it, in no coding, on no condition. */
    List<Field> editableFields() {
        return without(collectedFields(), name -> name.equalsIgnoreCase("range") || Fields.startsWith(name, "if-"));
    }

    /** The fields without those that are true of other bytes of the body only. */
    public static List<Field> withoutDigests(List<Field> fields) {
        return without(fields, name -> Fields.isAny(name, DIGESTS));
    }

    /**
     * The fields of a request that was translated to a version of the API. The body is another one, and the response is
     * written by Warder, so that no digest, condition or range can hold. Fields of Codex stay here.
     */
    List<Field> translatedFields(String version) {
        var translated = without(
                withoutDigests(editableFields()),
                name -> name.equalsIgnoreCase(Fields.ANTHROPIC_VERSION) || isCodexs(name));
        translated.add(new Field(Fields.ANTHROPIC_VERSION, version));
        return translated;
    }

    private static boolean isCodexs(String name) {
        return Fields.isAny(name, CODEX) || Fields.startsWith(name, "x-codex-");
    }

    private static List<Field> without(List<Field> fields, Predicate<String> dropped) {
        var left = new ArrayList<>(fields);
        left.removeIf(field -> dropped.test(Fields.hyphenated(field.name())));
        return left;
    }

    /**
     * The message that goes up.
     *
     * @param target the path and query, with the prefix of the configured URL
     * @param complete the fields with the credential, in order
     */
    public HttpRequest message(HttpHost host, String target, List<Field> complete) {
        var message = new BasicHttpRequest(method, host, target);
        for (var field : complete) {
            message.addHeader(field.name(), field.value());
        }
        return message;
    }

    private static List<Field> upward(Call call, List<Field> fields) {
        return call.route() == Route.RAW && call.runsModel() ? AcceptedCodings.readable(fields) : fields;
    }

    private static String upstreamPath(Call call) {
        String path = call.target().pathAndQuery();
        if (call.route() == Route.RAW) {
            String below = path.substring(RAW_PREFIX.length());
            return below.startsWith("/") ? below : "/" + below;
        }
        return path;
    }

    private static boolean mayHaveBody(String method) {
        return !method.equals("GET") && !method.equals("HEAD");
    }

    /** Reduces the content codings that a client accepts to those that Warder can read (rule "Content codings"). */
    private static final class AcceptedCodings {
        private static final String NAME = "accept-encoding";
        private static final String IDENTITY = "identity";
        private static final List<String> READABLE = List.of("gzip", IDENTITY);

        /** A weight of zero excludes the coding (RFC 9110, section 12.4.2). */
        private static final Pattern REFUSED = Pattern.compile("(?i).*;\\s*q\\s*=\\s*0(?:\\.0*)?\\s*");

        private AcceptedCodings() {}

        /**
         * The fields with one {@code Accept-Encoding}, which has what the client named of gzip and identity, with its weights. If
         * it named neither, the response may have no coding.
         */
        static List<Field> readable(List<Field> fields) {
            var kept = new ArrayList<Field>(fields.size() + 1);
            var codings = new ArrayList<String>();
            for (var field : fields) {
                if (!field.name().equalsIgnoreCase(NAME)) {
                    kept.add(field);
                } else {
                    for (String coding : field.value().split(",")) {
                        if (isReadable(coding)) {
                            codings.add(coding.strip());
                        }
                    }
                }
            }
            kept.add(new Field("Accept-Encoding", codings.isEmpty() ? IDENTITY : String.join(", ", codings)));
            return kept;
        }

        private static boolean isReadable(String coding) {
            int end = coding.indexOf(';');
            String name = end < 0 ? coding : coding.substring(0, end);
            return READABLE.contains(name.strip().toLowerCase(Locale.ROOT))
                    && !REFUSED.matcher(coding).matches();
        }
    }
}
