-- AlterTable
ALTER TABLE "users" ADD COLUMN     "password_version" INTEGER NOT NULL DEFAULT 1;

-- A new password ends sign-ins under way and makes what is known of sessions old; the same one hashed anew, at another cost, does not.
DROP TRIGGER users_touch_sessions ON users;
CREATE TRIGGER users_touch_sessions AFTER UPDATE OF disabled_at, password_version ON users FOR EACH ROW
  WHEN (OLD.disabled_at IS DISTINCT FROM NEW.disabled_at OR OLD.password_version <> NEW.password_version) EXECUTE FUNCTION users_touch_sessions();
DROP TRIGGER users_end_challenges ON users;
CREATE TRIGGER users_end_challenges AFTER UPDATE OF disabled_at, password_version ON users FOR EACH ROW
  WHEN (OLD.disabled_at IS DISTINCT FROM NEW.disabled_at OR OLD.password_version <> NEW.password_version) EXECUTE FUNCTION users_end_challenges();
