package storage

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"partnerdesk/core/tenant"
)

// ErrDamaged is what a file or a record is that does not hold together; errors.Is finds it.
var ErrDamaged = errors.New("damaged")

func problem(cause tenant.Cause, op, what, why, next string, err error) *tenant.Problem {
	return &tenant.Problem{Op: op, Explanation: cause.Explain(what, why, next), Err: err}
}

func busyProblem(path string, waited time.Duration, err error) error {
	return problem(tenant.CauseFilesBusy, "wait for store",
		"The data file is in use.",
		fmt.Sprintf("The other program (desktop or console) kept %s locked for %s.", path, waited.Round(100*time.Millisecond)),
		"Wait until it has finished, or close it, and try again.", err)
}

func damagedProblem(path string, err error) error {
	return problem(tenant.CauseFilesBroken, "read store",
		"The data file is damaged.",
		fmt.Sprintf("%s does not hold together: %v.", path, err),
		"Nothing was changed. Close both programs and put a backup in the place of the file. Without a backup, move the file aside, start again and sign in to each tenant.", fmt.Errorf("%w: %w", ErrDamaged, err))
}

func missingProblem(path string, err error) error {
	return problem(tenant.CauseFiles, "open store",
		"The data file is gone.",
		fmt.Sprintf("%s was removed while the program was running.", path),
		"Put it back, or start the program again to begin with an empty one.", err)
}

func machineProblem(op, path string, err error) error {
	return problem(tenant.CauseFiles, op,
		"The data file cannot be used.",
		fmt.Sprintf("The operating system refused: %v.", err),
		fmt.Sprintf("Check that the disk has room and that you may read and write %s.", filepath.Dir(path)), err)
}

func newerProblem(path string, found int) error {
	return problem(tenant.CauseFiles, "check store version",
		"The data file was written by a newer version of the program.",
		fmt.Sprintf("%s has schema version %d; this program knows versions up to %d.", path, found, schemaVersion),
		"Start the newer version. The file was not touched.", nil)
}

func replacedProblem(path string) error {
	return problem(tenant.CauseFiles, "check store",
		"The data file is not the one that was opened.",
		fmt.Sprintf("%s was replaced, or a newer version of the program has changed it, since this program started.", path),
		"Start this program again.", nil)
}

func recordProblem(bucket, key string, err error) error {
	return problem(tenant.CauseFilesBroken, "read record",
		fmt.Sprintf("The stored %s record of %s cannot be trusted.", bucket, readable(key)),
		"It was damaged, or changed by something other than this program.",
		"Put a backup of the data file in its place, or remove this record and enter it again.", fmt.Errorf("%s: %w: %w", readable(key), ErrDamaged, err))
}

// notFound says that a record is not there, so that errors.Is finds tenant.ErrNotFound.
func notFound(what, name string) error {
	return &tenant.Problem{
		Op:          "find " + what,
		Explanation: tenant.CauseNotThere.Explain(fmt.Sprintf("There is no %s %q.", what, name), "", ""),
		Err:         fmt.Errorf("%s %q: %w", what, name, tenant.ErrNotFound),
	}
}
