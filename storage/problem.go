package storage

import (
	"errors"
	"fmt"
	"io/fs"
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
		"Nothing was changed. "+nextRecover, fmt.Errorf("%w: %w", ErrDamaged, err))
}

// nextRecover is for a place that has not looked at the backups.
const nextRecover = "Close both programs. “partnerdesk-console recover --list” shows the backups, and “partnerdesk-console recover” puts the newest good one in the place of the file."

// goneProblem is about a file that is missing at a start. It counts as damage: what to do is the same.
func goneProblem(path string) error {
	return problem(tenant.CauseFilesBroken, "open store",
		"The data file is gone.",
		fmt.Sprintf("%s is missing, but there are backups of it.", path),
		nextRecover, fmt.Errorf("%w: %w", ErrDamaged, fs.ErrNotExist))
}

// offerProblem makes a problem of the file say which backup there is for it. none says why there is none.
func offerProblem(p *tenant.Problem, good Backup, none error) error {
	offered := *p
	offered.Next = fmt.Sprintf("Close both programs and run “partnerdesk-console recover”: it puts the newest good backup, %s of %s, in the place of the file, and keeps the file aside. Changes since then are lost. So far nothing was changed.",
		good.Name, tenant.Moment(good.At, time.Local))
	if none != nil {
		offered.Next = "Nothing was changed. There is no backup to recover from: " + tenant.Explain(none).Why +
			" Without one, move the data directory aside, start again, add the registrations and sign in to each tenant."
	}
	return &offered
}

// soundProblem refuses to replace what needs no replacing.
func soundProblem(path string) error {
	return problem(tenant.CauseInput, "recover store",
		"The data file was not replaced.",
		fmt.Sprintf("%s holds together, and its key fits.", path),
		"To go back to a backup all the same, name it: “partnerdesk-console recover --list” shows them, and “partnerdesk-console recover --backup NAME” takes one.", nil)
}

func noBackupProblem(name, why string) error {
	what := "There is no backup that can be used."
	if name != "" {
		what = fmt.Sprintf("The backup %q cannot be used.", name)
	}
	return problem(tenant.CauseNotThere, "find backup", what, why,
		"“partnerdesk-console recover --list” shows the backups that there are, and what is wrong with each. Nothing was changed.", nil)
}

func missingProblem(path string, err error) error {
	return problem(tenant.CauseFiles, "open store",
		"The data file is gone.",
		fmt.Sprintf("%s was removed while the program was running.", path),
		"Put it back, or start the program again: it offers a backup, or begins with an empty file where there is none.", err)
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
		"Remove this record and enter it again, or go back to a backup of the data file: close both programs, then “partnerdesk-console recover”.", fmt.Errorf("%s: %w: %w", readable(key), ErrDamaged, err))
}

// notFound says that a record is not there, so that errors.Is finds tenant.ErrNotFound.
func notFound(what, name string) error {
	return &tenant.Problem{
		Op:          "find " + what,
		Explanation: tenant.CauseNotThere.Explain(fmt.Sprintf("There is no %s %q.", what, name), "", ""),
		Err:         fmt.Errorf("%s %q: %w", what, name, tenant.ErrNotFound),
	}
}
