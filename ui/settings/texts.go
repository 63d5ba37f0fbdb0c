package settings

import "partnerdesk/ui/words"

// The texts of the protection.
const (
	textProtectTitle        words.Phrase = "Protection of the data file"
	textProtectByKeyring    words.Phrase = "The operating system's secret store"
	textProtectByPassphrase words.Phrase = "A passphrase"
	textProtectByKeyFile    words.Phrase = "A key file"
	textProtectKind         words.Phrase = "Guarded by"
	textProtectPassphrase   words.Phrase = "Passphrase"
	textProtectAgain        words.Phrase = "Once more"
	textProtectMinimum      words.Phrase = "at least %d characters, like four words"
	textProtectOldBackups   words.Phrase = "Backups that were made before open only with what guarded them: a key in the secret store or in a file is removed by the change, a passphrase you have to remember. A backup with the new protection is made at once."
	textProtectRotateHint   words.Phrase = "A new data key seals every secret anew. What guards it stays of its kind, and a passphrase stays the same."
	textProtectChange       words.Phrase = "Change"
	textProtectRotate       words.Phrase = "Make a new data key"
	textProtectChanging     words.Phrase = "Changing the protection…"
	textProtectRotating     words.Phrase = "Sealing every secret anew…"
	textProtectKeyring      words.Phrase = "The operating system's secret store keeps the key, and opens it when you log in. Nothing is asked at the start."
	textProtectAsks         words.Phrase = "The passphrase is asked for at each start, in this window and by the console. Nobody can restore it for you."
	textProtectKeyFile      words.Phrase = "The key lies in a file beside the data, readable by you only. Nothing is asked at the start, but whoever copies the whole directory has the secrets."

	textPassphrasesDiffer   words.Phrase = "the two passphrases are not the same"
	textGuardedByKeyring    words.Phrase = "The data file is guarded by the operating system's secret store now."
	textGuardedByPassphrase words.Phrase = "The data file is guarded by the passphrase now."
	textGuardedByKeyFile    words.Phrase = "The data file is guarded by the key file now."
	textSealedAnew          words.Phrase = "Every secret is sealed anew."
	textDataKey             words.Phrase = "This is data key number %s."
)

var textOldKeys = words.Plural{One: "%s old key could not be removed yet; each start tries again.", Other: "%s old keys could not be removed yet; each start tries again."}

// The texts of the sheet with all settings.
const (
	textTitle                   words.Phrase = "Settings"
	textSave                    words.Phrase = "Save"
	textPollerHeading           words.Phrase = "The poller, in both programs"
	textInterval                words.Phrase = "Poll interval"
	textIntervalHint            words.Phrase = "The time between two ticks, from 5s to 1h."
	textIntervalForm            words.Phrase = "write it as in “15s”, “2m” or “1h”"
	textBudget                  words.Phrase = "Request budget"
	textBudgetHint              words.Phrase = "How many requests a second the poller may make to one environment, from 1 to 1,000."
	textBudgetForm              words.Phrase = "write a whole number, from 1 to 1,000"
	textMaintenance             words.Phrase = "Maintenance"
	textMaintenanceNothing      words.Phrase = "nothing is planned"
	textMaintenancePublished    words.Phrase = "As published"
	textMaintenancePublishedTip words.Phrase = "Put in the windows that SuperOffice publishes"
	textMaintenanceNow          words.Phrase = "When SuperOffice is left alone, in UTC+1. Maintenance is under way now, until %s."
	textMaintenanceNext         words.Phrase = "When SuperOffice is left alone, in UTC+1. Next: %s until %s."
	textMaintenanceNone         words.Phrase = "When SuperOffice is left alone, in UTC+1, as in “daily 01:00-03:00; Thu 22:00-06:00; 2026-12-01 20:00-05:00”."
	textDemonstration           words.Phrase = "Demonstration"
	textDemonstrationHint       words.Phrase = "Exchange the token and log on for every active tenant at every tick, as the tutorial does. It is for a few tenants."
	textWindowHeading           words.Phrase = "This computer's window"
	textBackground              words.Phrase = "Window is closed"
	textBackgroundAsk           words.Phrase = "Ask whether to keep polling"
	textBackgroundKeep          words.Phrase = "Keep polling in the background"
	textBackgroundStop          words.Phrase = "Stop polling"
	textNotify                  words.Phrase = "Notify when a tenant needs attention"
	textAppearance              words.Phrase = "Appearance"
	textAppearanceSystem        words.Phrase = "As the system"
	textAppearanceLight         words.Phrase = "Light"
	textAppearanceDark          words.Phrase = "Dark"
	textDataHeading             words.Phrase = "The data file"
	textGuard                   words.Phrase = "Secrets"
	textProtect                 words.Phrase = "Change protection…"
	textProtectTip              words.Phrase = "Choose what guards the key that seals the secrets, or make a new key"
)
