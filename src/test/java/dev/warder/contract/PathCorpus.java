package dev.warder.contract;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Request targets that have come past the filters of some server, and mutants of them. None holds a space or a line
 * break, which would change the framing. One thread at a time.
 */
final class PathCorpus {
    private static final List<String> SEEDS = List.of(
            "/v1/messages;a=b",
            "/v1/messages/..;/admin",
            "/v1/..;/admin/tokens",
            "/v1//messages",
            "//v1/messages",
            "/v1/./messages",
            "/v1/x/../messages",
            "/v1/%2e%2e/admin",
            "/v1%2fmessages",
            "/v1%252fmessages",
            "/v1/messages%2f",
            "/v1/messages/",
            "/v1/messages.",
            "/v1/messages%20",
            "/v1/messages%00",
            "/v1/messages%0a",
            "/V1/Messages",
            "/v1/m%65ssages",
            "/v1/messages\\..\\admin",
            "/v1/messages%5c",
            "/v1/messages?#x",
            "/v1/messages%3f",
            "/v1/messages%u002f",
            "/v1/messages%c0%af",
            "/v1\uff0fmessages",
            "/v1/messages\u2028",
            "/v1/messages;jsessionid=x",
            "http://localhost/v1/messages",
            "http://other/health/../v1/files",
            "http:/health/ready",
            "http:/v1/files",
            "x:/v1/files",
            "localhost:80",
            "*",
            "/WEB-INF/web.xml",
            "/META-INF/MANIFEST.MF",
            "/%57EB-INF/web.xml",
            "/;x/v1/messages",
            "/health/../v1/messages",
            "/health;/../v1/files",
            "/health/ready",
            "/api/hello",
            "/api/hello/../../v1/files",
            "/admin/credentials",
            "/admin/..%2fv1/files",
            "/anthropic/v1/messages",
            "/anthropic/anthropic/v1/organizations",
            "/v1/organizations/me",
            "/v1/v1/models",
            "/v1/models/claude-x",
            "/v1/files/f/content",
            "/openai/v1/models",
            "/v1/chat/completions",
            "/v1/unknown?a=b&c=%2f",
            "/");

    private static final List<String> PIECES = List.of(
            ";",
            ";x=1",
            "/",
            "//",
            "/.",
            "/..",
            "/../",
            "/..;/",
            "%2e",
            "%2E%2e",
            "%2f",
            "%5c",
            "\\",
            "%00",
            "%0a",
            "%0d%0a",
            "%20",
            "%25",
            "%",
            "%zz",
            "%u002f",
            "%c0%af",
            "%ef%bc%8f",
            "\u2215",
            "\u2028",
            "\u00e9",
            "\u0001",
            "\u007f",
            "?",
            "?beta=true",
            "#",
            ".",
            "..",
            "@",
            ":",
            "*",
            "|",
            "{",
            "\"",
            "/health",
            "/admin",
            "/anthropic",
            "/v1",
            "/v1/organizations",
            "/openai",
            ".css",
            ";.js");

    private static final List<String> CLEAR_SEEDS = List.of(
            "/v1/messages",
            "/v1/messages/count_tokens",
            "/v1/messages/batches/b/results",
            "/v1/models",
            "/v1/models/claude-x",
            "/v1/v1/files/f/content",
            "/v1/organizations/me",
            "/api/oauth/profile",
            "/v1/unknown?a=b&c=%2f",
            "/anthropic",
            "/anthropic/v1/messages",
            "/anthropic/v1/organizations",
            "/v1/chat/completions",
            "/openai/v1/chat/completions",
            "/openai/v1/models",
            "/v1/responses",
            "/health",
            "/health/ready",
            "/api/hello",
            "/anthropic/api/hello",
            "/admin/credentials",
            "/error",
            "/");

    private static final List<String> CLEAR_PIECES = List.of(
            "/v1",
            "/v1/messages",
            "/v1/organizations",
            "/anthropic",
            "/openai",
            "/health",
            "/api/hello",
            "/admin",
            "/error",
            "/x",
            "x",
            ".css",
            "%21",
            "%5b1m%5D",
            "~",
            "@",
            ":",
            "*",
            "=",
            "!$&'()+,");

    private final Random random;

    PathCorpus(Random random) {
        this.random = random;
    }

    /** One of the corpus as it is, or with up to four changes; half of them are no attack, so that most are decided. */
    String next() {
        return random.nextBoolean() ? attack() : clear();
    }

    private String clear() {
        var target = any(CLEAR_SEEDS);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            var piece = any(CLEAR_PIECES);
            target = random.nextBoolean() && piece.startsWith("/") ? piece + target : target + piece;
        }
        return random.nextInt(4) == 0 ? target + "?beta=true" : target;
    }

    private String attack() {
        var target = any(SEEDS);
        for (int changes = random.nextInt(5); changes > 0; changes--) {
            target = changed(target);
        }
        return target.isEmpty() ? "/" : target;
    }

    private String changed(String target) {
        int at = random.nextInt(target.length() + 1);
        return switch (random.nextInt(7)) {
            case 0, 1 -> target.substring(0, at) + any(PIECES) + target.substring(at);
            case 2 -> any(PIECES) + target;
            case 3 -> target + any(PIECES);
            case 4 -> encoded(target, at);
            case 5 -> target.substring(0, at) + any(SEEDS);
            default -> otherCase(target, at);
        };
    }

    private String encoded(String target, int at) {
        if (at == target.length() || target.charAt(at) > 0x7e) {
            return target;
        }
        var escape = "%%%02x".formatted((int) target.charAt(at));
        return target.substring(0, at)
                + (random.nextBoolean() ? escape.toUpperCase(Locale.ROOT) : escape)
                + target.substring(at + 1);
    }

    private static String otherCase(String target, int at) {
        return target.substring(0, at) + target.substring(at).toUpperCase(Locale.ROOT);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
