package pkg

// Placeholder is replaced when the payload is built.
const Placeholder = "registry.ci.openshift.org/openshift:example-operator"

// MustGather is pulled by the cluster.
const MustGather = "registry.ci.openshift.org/ocp/4.20:must-gather"
