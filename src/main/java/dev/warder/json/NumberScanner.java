package dev.warder.json;

/** Scans numbers (RFC 8259 section 6) with a limit of their digits, one after the other. One thread at a time. */
final class NumberScanner {
    private enum State {
        MINUS,
        ZERO,
        INTEGER,
        POINT,
        FRACTION,
        E,
        SIGN,
        EXPONENT
    }

    private final int most;
    private State state = State.MINUS;
    private int digits;

    NumberScanner(int most) {
        this.most = most;
    }

    /** Begins a number with its first byte: a minus sign or a digit. */
    void begin(byte c) {
        digits = c == '-' ? 0 : 1;
        state = c == '-' ? State.MINUS : c == '0' ? State.ZERO : State.INTEGER;
    }

    /**
     * Reads bytes of the number. Returns the index of the first byte that does not belong to it; before {@code end}, the number
     * is complete.
     */
    int scan(byte[] b, int from, int end, long origin) throws JsonException {
        for (int i = from; i < end; i++) {
            byte c = b[i];
            boolean more = (c >= '0' && c <= '9') ? digit(c, origin + i) : sign(c);
            if (!more) {
                finish(origin + i);
                return i;
            }
        }
        return end;
    }

    /** Ends the number before {@code at}; throws {@link JsonException} when it is incomplete. */
    void finish(long at) throws JsonException {
        switch (state) {
            case ZERO, INTEGER, FRACTION, EXPONENT -> {}
            default -> throw new JsonException("a digit is missing in a number", at);
        }
    }

    private boolean digit(byte c, long at) throws JsonException {
        if (state == State.ZERO) {
            return false;
        }
        if (++digits > most) {
            throw new JsonException("a number of more than " + most + " digits", at);
        }
        state = switch (state) {
            case MINUS -> c == '0' ? State.ZERO : State.INTEGER;
            case POINT -> State.FRACTION;
            case E, SIGN -> State.EXPONENT;
            default -> state;
        };
        return true;
    }

    private boolean sign(byte c) {
        State next =
                switch (c) {
                    case '.' -> state == State.ZERO || state == State.INTEGER ? State.POINT : state;
                    case 'e', 'E' ->
                        state == State.ZERO || state == State.INTEGER || state == State.FRACTION ? State.E : state;
                    case '+', '-' -> state == State.E ? State.SIGN : state;
                    default -> state;
                };
        boolean more = next != state;
        state = next;
        return more;
    }
}
