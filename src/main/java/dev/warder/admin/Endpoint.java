package dev.warder.admin;

import dev.warder.http.Call;
import dev.warder.http.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * One thing that callers can ask for. Immutable.
 *
 * @param methods by which it is asked for
 * @param path with variables: {@code {name}} is one segment, and {@code {name*}} at the end is one or more
 * @param isOpen whether strangers get this far; the work decides then who is admitted
 * @param longest bytes of the longest body that is kept; 0 if none is wanted
 */
record Endpoint(List<String> methods, String path, Pattern pattern, Kind kind, boolean isOpen, int longest, Work work) {
    /** The kinds of responses, which decide how callers are refused. */
    enum Kind {
        /** A page, or a document where the caller prefers that. A browser returns to it after it has signed in. */
        PAGE,
        /** A part of a page. */
        PART,
        /** An action, or a document to which no browser returns. It is refused in the format that the caller prefers. */
        ACTION,
        /** JSON for programs. */
        API,
        /** A document in the shape of Anthropic's Admin API. */
        ORGANIZATION,
        /** The page of a client. */
        OWN
    }

    /** Makes the response to a caller that was admitted. */
    @FunctionalInterface
    interface Work {
        /**
         * Makes it without waiting, or begins to.
         *
         * @throws Exception if the request is refused or fails, as {@link Failures} has it; so may the result
         */
        CompletionStage<AdminReply> reply(AdminRequest request) throws Exception;
    }

    static Endpoint of(Kind kind, List<String> methods, String path, int longest, Work work) {
        String pattern =
                path.replace(".", "\\.").replaceAll("\\{[a-z]+\\*}", "(.+)").replaceAll("\\{[a-z]+}", "([^/]+)");
        return new Endpoint(List.copyOf(methods), path, Pattern.compile(pattern), kind, false, longest, work);
    }

    Endpoint open() {
        return new Endpoint(methods, path, pattern, kind, true, longest, work);
    }

    /**
     * The endpoint of a request.
     *
     * @param endpoint empty if there is none
     * @param variable the first variable of the path, without escapes; empty text if there is none
     * @param allowed the methods of the path, sorted, where the request has another one; empty if there is no such path
     */
    record Found(Optional<Endpoint> endpoint, Kind kind, String variable, List<String> allowed) {
        /** Finds it in a table, in which the first path that matches counts. */
        static Found in(List<Endpoint> table, Call call) {
            String path = call.target().path();
            var kind = call.route() == Route.ORGANIZATION ? Kind.ORGANIZATION : Kind.ACTION;
            String variable = "";
            var ofPath = new ArrayList<Endpoint>();
            for (var each : table) {
                var match = each.pattern.matcher(path);
                if (match.matches() && (ofPath.isEmpty() || ofPath.get(0).path.equals(each.path))) {
                    ofPath.add(each);
                    kind = each.kind;
                    variable = match.groupCount() == 0 ? "" : decoded(match.group(1));
                }
            }
            var allowed = ofPath.stream().flatMap(each -> each.methods.stream()).sorted();
            return new Found(
                    ofPath.stream()
                            .filter(each -> each.methods.contains(call.method()))
                            .findFirst(),
                    kind,
                    variable,
                    allowed.toList());
        }

        private static String decoded(String segment) {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
