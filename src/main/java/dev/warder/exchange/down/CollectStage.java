package dev.warder.exchange.down;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import java.util.function.Consumer;

/** Collects a response that can only be used whole; see {@link KeptMemory} for what it holds. Thread-safe. */
final class CollectStage implements ResponseSink {
    private final KeptMemory memory;
    private final long limit;
    private final Consumer<byte[]> whole;
    private final ResponseSink next;

    @GuardedBy("this")
    private final Chunks body = new Chunks();

    @GuardedBy("this")
    private boolean closed;

    /**
     * @param memory holds all collected bodies
     * @param limit the largest response to take, in bytes
     * @param whole receives the content once it is whole
     * @param next receives the failure of a response that cannot be used
     */
    CollectStage(MemoryBudget memory, long limit, Consumer<byte[]> whole, ResponseSink next) {
        this.memory = new KeptMemory(memory);
        this.limit = limit;
        this.whole = whole;
        this.next = next;
    }

    static Failure tooLarge() {
        return new Failure(
                ErrorReply.badGateway("The upstream's response is larger than the limit."), RequestEnd.ERROR);
    }

    @Override
    public void head(ResponseHead head, Flow upstream) {
        memory.begin(head.contentLength() >= 0 ? Math.min(limit, head.contentLength()) : limit, upstream);
    }

    @Override
    public void piece(byte[] bytes, int read) {
        boolean tooLarge;
        long length;
        synchronized (this) {
            if (closed) {
                return;
            }
            tooLarge = bytes.length > limit - body.length();
            if (!tooLarge) {
                body.append(bytes, 0, bytes.length);
            }
            length = body.length();
        }
        if (tooLarge) {
            close();
            failed(tooLarge());
        }
        memory.keep(length, read);
    }

    @Override
    public void end() {
        byte[] content;
        synchronized (this) {
            if (closed) {
                return;
            }
            content = body.copy(0, body.length());
        }
        memory.keepOnly(content.length);
        whole.accept(content);
    }

    @Override
    public void failed(Failure failure) {
        next.failed(failure);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        memory.close();
    }
}
