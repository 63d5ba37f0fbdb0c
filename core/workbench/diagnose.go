package workbench

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// DiagnosisStep is one of the things that must hold before a tenant works. The names are stable: scripts read
// them.
type DiagnosisStep string

// The steps, in their order. Those from DiagnoseStatus on need a tenant.
const (
	DiagnoseName     DiagnosisStep = "name-resolution"
	DiagnoseTLS      DiagnosisStep = "tls"
	DiagnoseClock    DiagnosisStep = "clock"
	DiagnoseMetadata DiagnosisStep = "metadata"
	DiagnoseKeySet   DiagnosisStep = "key-set"
	DiagnoseClient   DiagnosisStep = "client-secret"
	DiagnoseKeyPair  DiagnosisStep = "key-pair"
	DiagnoseStatus   DiagnosisStep = "status"
	DiagnoseAPIName  DiagnosisStep = "api-name-resolution"
	DiagnoseAPITLS   DiagnosisStep = "api-tls"
	DiagnoseExchange DiagnosisStep = "exchange"
	DiagnoseToken    DiagnosisStep = "returned-token"
	DiagnoseLogOn    DiagnosisStep = "log-on"
	DiagnoseRight    DiagnosisStep = "company-right"
)

// StepResult is what came of a step.
type StepResult string

// The results. A step is skipped where it has nothing to prove, or cannot; its detail says why.
const (
	StepPassed  StepResult = "passed"
	StepFailed  StepResult = "failed"
	StepSkipped StepResult = "skipped"
)

// DiagnosedStep is a step of a diagnosis that has been gone. It holds no secret.
type DiagnosedStep struct {
	Name DiagnosisStep `json:"name"`
	// Label and Proves name the step, and what it proves, for people.
	Label  string     `json:"label"`
	Proves string     `json:"proves"`
	Result StepResult `json:"result"`
	// Detail is what was found or measured, why it failed, or why it was skipped.
	Detail string `json:"detail"`
	// Warning is there where something is not well, but does no harm yet.
	Warning string        `json:"warning,omitempty"`
	Took    time.Duration `json:"took_ns"`
	// Checks are the parts of a token's validation.
	Checks []Check `json:"checks,omitempty"`
}

// DiagnoseRequest asks why a tenant does not work, or whether a registration can.
type DiagnoseRequest struct {
	// Registration is the registration's name where there is no tenant; empty means the current one.
	Registration string
	// Candidate, where it is set, is looked at in the place of what is stored. It stays as unstored as it is.
	Candidate *RegistrationDraft
	// Tenant is the tenant to look at; its zero value means the registration alone. A candidate has none.
	Tenant tenant.Key
	// Exchange makes an exchange even where a ticket is kept. Each writes a row in the customer's database.
	Exchange bool
	// Progress, where it is set, is told of each step at its end.
	Progress func(DiagnosedStep)
}

// Diagnosis is what was found. It holds no secret.
type Diagnosis struct {
	Registration string             `json:"registration"`
	Environment  tenant.Environment `json:"environment"`
	// ContextID is empty for a registration alone.
	ContextID string        `json:"ctx,omitempty"`
	At        time.Time     `json:"at"`
	Took      time.Duration `json:"took_ns"`
	// OK is true where no step failed.
	OK bool `json:"ok"`
	// Steps are those that were gone: the last is the one that failed, if any did.
	Steps []DiagnosedStep `json:"steps"`
	// Cause is why it failed, and what to do next; nil where all is well.
	Cause *tenant.Explanation `json:"cause,omitempty"`
	// Remark is what else a person should know, such as that the poller leaves the tenant alone.
	Remark string `json:"remark,omitempty"`
}

const (
	// diagnosisTimeout bounds a diagnosis, and the others a step each.
	diagnosisTimeout = time.Minute
	stepTimeout      = 10 * time.Second
	exchangeTimeout  = 20 * time.Second
)

// finding is what a step found out.
type finding struct {
	skipped         bool
	detail, warning string
	checks          []Check
	// took is how long it took, where another step has done the work; saved is what this one has done for another.
	took, saved time.Duration
}

func passed(detail string) finding  { return finding{detail: detail} }
func skipped(detail string) finding { return finding{skipped: true, detail: detail} }

// stage is a step to be gone.
type stage struct {
	name          DiagnosisStep
	label, proves string
	bound         time.Duration
	look          func(ctx context.Context) (finding, error)
}

// examination is a diagnosis under way: what its steps hand on to later ones.
type examination struct {
	*Workbench
	req     DiagnoseRequest
	subject keeper.Subject // without a tenant for a registration alone

	discovery   superid.Discovery
	discovering error
	api         string      // the base of the tenant's web services
	logOn       *logOnProof // nil while nobody has tried
	exchanged   bool
	checks      []Check
	validating  error
}

// Diagnose walks all that must hold before a tenant works, in order, and stops at the first thing that does not:
// that is the cause. Nothing is created in the tenant, and no exchange is made where a ticket is kept that the
// tenant takes. The error says that the diagnosis itself could not be made, or was cancelled; what was found
// until then is there all the same.
func (w *Workbench) Diagnose(ctx context.Context, req DiagnoseRequest) (Diagnosis, error) {
	e := &examination{Workbench: w, req: req}
	result := Diagnosis{At: w.Now(), Steps: []DiagnosedStep{}}
	var err error
	switch {
	case req.Candidate != nil:
		e.subject.Registration, err = w.complete(ctx, "diagnose", "The registration cannot be checked.", *req.Candidate)
	case req.Tenant == (tenant.Key{}):
		e.subject.Registration, err = w.registration(ctx, req.Registration)
	default:
		e.subject, err = w.subject(ctx, req.Tenant)
	}
	if err != nil {
		return result, err
	}
	result.Registration, result.Environment = e.subject.Registration.Name, e.subject.Registration.Environment
	result.ContextID = e.subject.Tenant.ContextID
	err = e.walk(ctx, &result)
	result.Took = w.Now().Sub(result.At)
	if err != nil {
		return result, err
	}
	if result.OK && e.hasTenant() {
		result.Remark = e.remark(ctx)
	}
	e.tell(ctx, result)
	return result, nil
}

// RegistrationSteps are the steps of a registration's diagnosis before they are gone: named, and without a result.
func RegistrationSteps() []DiagnosedStep { return named((&examination{}).registrationStages()) }

// DiagnosisSteps are those of a tenant's diagnosis: the registration's, and its own.
func DiagnosisSteps() []DiagnosedStep {
	e := &examination{}
	return named(append(e.registrationStages(), e.tenantStages()...))
}

func named(stages []stage) []DiagnosedStep {
	steps := make([]DiagnosedStep, 0, len(stages))
	for _, s := range stages {
		steps = append(steps, DiagnosedStep{Name: s.name, Label: s.label, Proves: s.proves})
	}
	return steps
}

func (e *examination) hasTenant() bool { return e.subject.Tenant.ContextID != "" }

// walk goes the steps until one fails. Its error is the caller's wish to end.
func (e *examination) walk(ctx context.Context, result *Diagnosis) error {
	bounded, cancel := context.WithTimeout(ctx, diagnosisTimeout)
	defer cancel()
	stages := e.registrationStages()
	if e.hasTenant() {
		stages = append(stages, e.tenantStages()...)
	}
	for _, s := range stages {
		step, err := e.goStep(bounded, s)
		if ctx.Err() != nil {
			return &tenant.Problem{Op: "diagnose", Err: context.Cause(ctx), Explanation: tenant.Explain(ctx.Err())}
		}
		result.Steps = append(result.Steps, step)
		e.doctor.DebugContext(ctx, "Diagnosis: "+step.Label+" "+string(step.Result), e.who(),
			slog.String("check", string(step.Name)), slog.String("detail", step.Detail), slog.Duration("took", step.Took.Round(time.Millisecond)))
		if e.req.Progress != nil {
			e.req.Progress(step)
		}
		if err != nil {
			result.Cause = explained(err)
			return nil
		}
	}
	result.OK = true
	return nil
}

func (e *examination) goStep(ctx context.Context, s stage) (DiagnosedStep, error) {
	ctx, cancel := context.WithTimeout(ctx, s.bound)
	defer cancel()
	began := e.Now()
	found, err := s.look(ctx)
	step := DiagnosedStep{Name: s.name, Label: s.label, Proves: s.proves, Result: StepPassed, Detail: found.detail, Warning: found.warning,
		Took: e.Now().Sub(began) - found.saved, Checks: found.checks}
	if found.took > 0 {
		step.Took = found.took
	}
	switch {
	case err != nil:
		why := explained(err)
		step.Result, step.Detail = StepFailed, strings.TrimSpace(why.What+" "+why.Why)
	case found.skipped:
		step.Result = StepSkipped
	}
	return step, err
}

// explained is the words for people, looked through once more for what may be a secret.
func explained(err error) *tenant.Explanation {
	e := tenant.Explain(err)
	e.Why, e.Server = journal.Redact(e.Why), journal.Redact(e.Server)
	return &e
}

// remark has the poller visit a tenant at once that rests though it works, and says what else is to be known.
func (e *examination) remark(ctx context.Context) string {
	switch {
	case !e.subject.Tenant.Active:
		return "The tenant is not active, so the poller leaves it alone."
	case e.heal(ctx, e.subject.Tenant.Key):
		return "The poller had it rest after failures. They are forgotten now, and it is visited at once."
	}
	return ""
}

// tell writes the end of a diagnosis to the journal.
func (e *examination) tell(ctx context.Context, d Diagnosis) {
	about := "the registration " + d.Registration
	if d.ContextID != "" {
		about = d.ContextID
	}
	took := slog.Duration("took", d.Took.Round(time.Millisecond))
	if d.Cause == nil {
		e.doctor.InfoContext(ctx, "Diagnosed "+about+": all is well", e.who(), took)
		return
	}
	last := d.Steps[len(d.Steps)-1]
	e.doctor.InfoContext(ctx, "Diagnosed "+about+": "+last.Label+" failed", e.who(), took, slog.String("check", string(last.Name)),
		journal.Failure(&tenant.Problem{Op: "diagnose", Err: errors.New(string(d.Cause.Cause)), Explanation: *d.Cause}))
}

// who names the tenant, or the registration where there is none.
func (e *examination) who() slog.Attr {
	if e.hasTenant() {
		return journal.Tenant(e.subject.Tenant.Key)
	}
	return slog.String("registration", e.subject.Registration.Name)
}
