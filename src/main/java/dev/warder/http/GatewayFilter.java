package dev.warder.http;

import jakarta.servlet.http.HttpFilter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A filter that joins the {@link Application}, and whose end takes it down.
 *
 * @param <P> the parts of the application that it needs
 */
public abstract class GatewayFilter<P> extends HttpFilter {
    private @Nullable Application application;
    private @Nullable P parts;

    @Override
    public final void init() {
        application = Application.of(getServletContext());
        application.join(this);
    }

    public final void use(P handedOver) {
        parts = handedOver;
    }

    public final P parts() {
        return Objects.requireNonNull(parts, "init has not run");
    }

    @Override
    public final void destroy() {
        if (application != null) {
            application.takeDown();
        }
    }
}
