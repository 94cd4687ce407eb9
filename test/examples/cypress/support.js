import 'restante/cypress';
