package dev.warder.config;

import java.util.regex.Pattern;

/**
 * A text whose characters can be read a limited number of times, so that matching ends for an expression that backtracks
 * without end. The operator writes the expression, but any client may write the text. One thread at a time.
 */
final class CountedText implements CharSequence {
    private static final int LOOKS = 100_000;

    private final String text;
    private int looks;

    private CountedText(String text) {
        this.text = text;
    }

    /** Whether the whole text matches; false if that takes too long to find out. */
    static boolean matches(Pattern pattern, String text) {
        try {
            return pattern.matcher(new CountedText(text)).matches();
        } catch (ExhaustedException givenUp) {
            return false;
        }
    }

    @Override
    public char charAt(int index) {
        looks++;
        if (looks > LOOKS) {
            throw new ExhaustedException();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
