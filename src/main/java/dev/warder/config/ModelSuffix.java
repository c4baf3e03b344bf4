package dev.warder.config;

import java.util.regex.Pattern;

/** The end of a model's name that makes it no other model: a date, {@code -latest}, or a suffix in brackets. */
public final class ModelSuffix {
    private static final Pattern SUFFIX = Pattern.compile("(?:[-@][0-9]{8}|-latest)?(?:\\[[^\\[\\]]*\\])?\\z");

    private ModelSuffix() {}

    /**
     * Where a suffix in brackets begins that models have, a size such as {@code [1m]}; the length of the name if it has none, or
     * nothing before it.
     */
    public static int bracket(String model) {
        int bracket = model.lastIndexOf('[');
        boolean isSize = bracket > 0 && model.endsWith("]") && Character.isDigit(model.charAt(bracket + 1));
        return isSize ? bracket : model.length();
    }

    public static String strip(String model) {
        return SUFFIX.matcher(model).replaceFirst("");
    }
}
