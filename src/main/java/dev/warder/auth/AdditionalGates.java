package dev.warder.auth;

import java.util.List;

/**
 * Gates that a deployment adds to those of the application, asked after them in this order. A {@code
 * ServletContextListener} that is declared before the application's own sets them as an attribute of the servlet context
 * under this type. There is no setting for it.
 */
public record AdditionalGates(List<Gate> gates) {
    public AdditionalGates {
        gates = List.copyOf(gates);
    }
}
