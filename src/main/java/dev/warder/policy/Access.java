package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The permitted use. Immutable.
 *
 * @param models patterns of the permitted models; empty for all
 * @param paths patterns of the permitted paths; empty for all
 */
public record Access(List<ModelPattern> models, List<PathPattern> paths) {
    public Access {
        models = List.copyOf(models);
        paths = List.copyOf(paths);
    }

    public boolean limitsModels() {
        return !models.isEmpty() && !models.contains(ModelPattern.ANY);
    }

    public boolean permitsModel(String model) {
        return models.isEmpty() || models.stream().anyMatch(pattern -> pattern.matches(model));
    }

    public boolean permitsPath(String path) {
        return paths.isEmpty() || paths.stream().anyMatch(pattern -> pattern.matches(path));
    }

    /**
     * Paths that a client may use, written as in the table of routes: {@code X*} means X and everything below it, {@code X/*}
     * only what is below it, and any other text itself. Immutable.
     *
     * @param text the pattern as the operator wrote it
     */
    public record PathPattern(String text) {
        private static final Pattern SYNTAX =
                Pattern.compile("/|(?:/[A-Za-z0-9._~:@!$&'()+,=-]+)+\\*?|(?:/[A-Za-z0-9._~-]+)*/\\*");
        private static final int LONGEST = 256;

        public PathPattern {
            if (text.length() > LONGEST || !SYNTAX.matcher(text).matches()) {
                throw new IllegalArgumentException("not a pattern of paths");
            }
        }

        public static PathPattern parse(String text) throws InvalidValueException {
            try {
                return new PathPattern(text);
            } catch (IllegalArgumentException malformed) {
                throw new InvalidValueException(
                        "must be a path such as /v1/messages or, with all paths below it, /v1/messages*");
            }
        }

        public boolean covers(PathPattern other) {
            return other.text.endsWith("*")
                    ? text.endsWith("*") && matches(other.text.substring(0, other.text.length() - 1))
                    : matches(other.text);
        }

        public boolean matches(String path) {
            if (!text.endsWith("*")) {
                return path.equals(text);
            }
            int stem = text.length() - 1;
            return path.regionMatches(0, text, 0, stem)
                    && (text.charAt(stem - 1) == '/' || path.length() == stem || path.charAt(stem) == '/');
        }
    }
}
