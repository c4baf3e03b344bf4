package dev.warder.admin;

import dev.warder.http.ReadTurn;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Reads the form that a request holds, without waiting for it: a form of more than 16 KiB is none. The rest of what a client
 * sends is dropped as it comes, up to 1 MiB.
 *
 * <p>Thread-safe: one thread at a time has the turn to read.
 */
final class FormReader implements ReadListener {
    private static final int MOST = 16 * 1024;
    private static final long MOST_DROPPED = 1 << 20;

    private final ReadTurn turn;
    private final ServletInputStream in;
    private final Consumer<Optional<Form>> then;
    private final Consumer<Throwable> lost;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ByteArrayOutputStream form = new ByteArrayOutputStream();
    private long read;

    private FormReader(ReadTurn turn, ServletInputStream in, Consumer<Optional<Form>> then, Consumer<Throwable> lost) {
        this.turn = turn;
        this.in = in;
        this.then = then;
        this.lost = lost;
    }

    /**
     * Reads a request whose asynchronous processing has begun, inside {@code service}.
     *
     * @param turn the turn to read; the request is not read after its end
     * @param then takes the form; an empty one where the body is no form, none where the form cannot be read
     * @param lost takes what reading failed with
     */
    static void read(HttpServletRequest request, ReadTurn turn, Consumer<Optional<Form>> then, Consumer<Throwable> lost)
            throws IOException {
        boolean none = request.getContentLengthLong() <= 0 && request.getHeader("transfer-encoding") == null;
        if (none) {
            then.accept(Optional.of(Form.NONE));
            return;
        }
        var in = request.getInputStream();
        boolean readable = isForm(request);
        in.setReadListener(
                new FormReader(turn, in, form -> then.accept(readable ? form : Optional.of(Form.NONE)), lost));
    }

    @Override
    public void onDataAvailable() {
        turn.take(this::readOn);
    }

    @Override
    public void onAllDataRead() {
        turn.take(this::readOn);
    }

    @Override
    public void onError(Throwable brokenOff) {
        if (!over.getAndSet(true)) {
            lost.accept(brokenOff);
        }
    }

    private void readOn() {
        boolean whole;
        try {
            whole = readWhatIsThere();
        } catch (IOException | RuntimeException brokenOff) {
            onError(brokenOff);
            return;
        } catch (Error fault) {
            // The thread may be none of the container's, which would report the error back.
            onError(fault);
            throw fault;
        }
        if (whole && !over.getAndSet(true)) {
            then.accept(read > MOST ? Optional.empty() : Form.parse(form.toString(StandardCharsets.UTF_8)));
        }
    }

    /** Whether no more is read. */
    private boolean readWhatIsThere() throws IOException {
        byte[] buffer = new byte[4096];
        while (!turn.over() && !in.isFinished() && in.isReady()) {
            int n = in.read(buffer);
            if (n < 0) {
                break;
            }
            read += n;
            form.write(buffer, 0, read <= MOST ? n : 0);
            if (read > MOST_DROPPED) {
                return true;
            }
        }
        return !turn.over() && in.isFinished();
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
    }
}
